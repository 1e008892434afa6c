import type { JobPlan } from '../../contract/jobs.ts';
import { CsvRows, RecordBounds } from '../delimited/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { formatLocation, type ObjectStore, parseLocation } from '../object-store/index.ts';

export interface Header {
  readonly columns: readonly string[];
  /** Offset and line number of the first row. */
  readonly endsAt: number;
  readonly nextLine: number;
}

/** The names of a few thousand columns. */
const longestHeaderBytes = 2 ** 20;

/** Columns of a plan's input; throws `INVALID_SETTING` where there are none, or two of one name. */
export async function readHeader(store: ObjectStore, { input }: JobPlan): Promise<Header> {
  const location = parseLocation(input.location);
  const refuse = (reason: string) =>
    new SpectrumError('INVALID_SETTING', `input ${formatLocation(location)}: ${reason}`);
  const found = await store.find(location);
  if (!found) throw refuse('it is not there');
  const to = Math.min(found.sizeBytes, longestHeaderBytes);
  const bytes = await store.read(location, { from: 0, to }, found.mark);
  const records = new RecordBounds(input.delimiter);
  const bound = records.push(bytes).next();
  if (bound.done) throw refuse('its first record names the columns, and no line ends behind it');
  const text = new TextDecoder().decode(bytes.subarray(0, bound.value));
  const columns = new CsvRows(input.delimiter).push(text)[0]?.values ?? [];
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`two columns are named ${JSON.stringify(twice)}`);
  if (columns.length === 0) throw refuse('its first record is empty');
  return { columns, endsAt: bound.value, nextLine: records.lines + 1 };
}
