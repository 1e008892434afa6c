import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferSchema, initParser, type Parser } from 'udsv';
import { median, type Report } from '../report.ts';
import { runJob } from './job.ts';
import { channel, cpuSeconds } from './measuring.ts';

export const inputRows = 500_000;
const rounds = 7;
const header = ['id', 'line1', 'line2', 'city', 'state', 'zip'];

/** A file copied by a dataflow of two stages, and by the fastest streaming CSV library of Node with a plain writer. */
export async function measureCopy(folder: string, report: Report): Promise<void> {
  writeInput(join(folder, 'in.csv'));
  const ours = () => runJob(folder, copyJob);
  const theirs = () => copyByLibrary(join(folder, 'in.csv'), join(folder, 'library.csv'));
  const [ourRates, theirRates]: number[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [our, their] = [inputRows / (await cpuSeconds(ours)), inputRows / (await cpuSeconds(theirs))];
    // The first round compiles.
    if (round === 0) assertCopies(folder);
    else {
      ourRates?.push(our);
      theirRates?.push(their);
    }
  }
  const ratios = (ourRates ?? []).map((rate, round) => rate / (theirRates?.[round] ?? Number.NaN));
  const [value, baseline] = [median(ourRates ?? []), median(theirRates ?? [])];
  const measure = { suite: 'dataflow', measure: 'copy-vs-fastest-csv', value, unit: 'rows/CPU s' };
  report.add({ ...measure, baseline: { name: 'uDSV', value: baseline }, ratio: median(ratios) });
}

const copyJob = {
  stages: [
    { id: 'read', type: 'ReadFromFile', settings: { file: 'in.csv', fields: header.map((name) => ({ name })) } },
    { id: 'write', type: 'WriteToFile', settings: { file: 'out.csv' } },
  ],
  channels: [channel('read.output_port > write.input_port')],
};

/** One value in seven is quoted, as units with a comma are. */
export function writeInput(path: string): void {
  const lines = Array.from({ length: inputRows }, (_, id) => {
    const unit = id % 7 === 0 ? `"Suite ${id % 90}, Floor ${id % 9}"` : '';
    return `${id},${1 + ((id * 7919) % 9_000)} North Main Street,${unit},Springfield,IL,${60_000 + ((id * 31) % 9_999)}`;
  });
  writeFileSync(path, `${header.join(',')}\n${lines.join('\n')}\n`);
}

async function copyByLibrary(from: string, to: string): Promise<void> {
  const output = createWriteStream(to);
  let parser: Parser | undefined;
  let text = '';
  const take = (record: string[]) => {
    text += formatRecord(record);
  };
  for await (const chunk of createReadStream(from, { encoding: 'utf8', highWaterMark: 65_536 })) {
    if (parser === undefined) {
      parser = initParser(inferSchema(chunk as string));
      text = formatRecord(header);
    }
    parser.chunk(chunk as string, undefined, take);
    if (!output.write(text)) await new Promise<void>((resolve) => output.once('drain', () => resolve()));
    text = '';
  }
  parser?.end();
  output.write(text);
  await new Promise<void>((resolve) => output.end(() => resolve()));
}

const special = /[",\r\n]/;

function formatRecord(values: readonly string[]): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? '';
    if (index > 0) line += ',';
    line += special.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }
  return `${line}\n`;
}

function assertCopies(folder: string): void {
  const [given, ...copies] = ['in.csv', 'out.csv', 'library.csv'].map((name) => readFileSync(join(folder, name)));
  for (const copy of copies) if (!given?.equals(copy)) throw new Error('a copy differs from the file');
}
