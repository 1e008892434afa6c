import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FileAccess, Row } from '../../../../server/dataflow/index.ts';
import { runStage } from '../support/run-stage.ts';

const folder = resolve(process.cwd(), '../shared/data/batch-inputs');
const isHere = existsSync(folder);
if (!isHere) process.stderr.write(`${folder} is not there: eight shapes of batch files were NOT read by this test\n`);

const files = {
  list: async (file: string) => [join(folder, file)],
  read: (path: string, fromByte = 0) => createReadStream(path, { start: fromByte }),
} as unknown as FileAccess;

async function readRows(file: string, settings: object, fields: readonly (string | object)[]): Promise<Row[]> {
  const named = fields.map((field) => (typeof field === 'string' ? { name: field } : field));
  const { rows } = await runStage({
    type: 'ReadFromFile',
    settings: { file, ...settings, fields: named },
    inputs: {},
    resources: { files },
  });
  return rows.output_port ?? [];
}

/** Lines, city, state and ZIP Code of each record, by its id, as the truth key has them. */
async function readKey(): Promise<ReadonlyMap<string, Row>> {
  const rows = await readRows('truth_key.csv.gz', {}, [
    'id',
    'line1',
    'line2',
    'city',
    'state',
    'zip',
    'lat',
    'lon',
    'source',
  ]);
  return new Map(rows.map(([id, ...row]) => [String(id), row]));
}

let key: ReadonlyMap<string, Row>;
beforeAll(async () => {
  if (isHere) key = await readKey();
});

const address = ['line1', 'line2', 'city', 'state', 'zip'];
const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
/** What every shape keeps of a record, whatever it does to spaces and the line its parts stand on. */
const squeeze = (values: readonly unknown[]) =>
  values
    .map(text)
    .join(' ')
    .replace(/[\s,]+/g, '');

/** The words alone, for a shape that moves them from line to line and adds some of its own. */
function sortWords(values: readonly unknown[]): string {
  const words = values
    .map(text)
    .join(' ')
    .replace('ATTN RECEIVING', '')
    .split(/[\s,]+/);
  return words
    .filter((word) => word !== '' && word !== 'USA')
    .sort()
    .join(' ');
}

interface Shape {
  readonly file: string;
  readonly settings: object;
  readonly fields: readonly (string | object)[];
  /** Whether a record is the one of the key. */
  isRight(row: Row, truth: Row): boolean;
  /** Share of the records that the shape itself may have changed. */
  readonly mayDiffer?: number;
}

const exactly = (row: Row, truth: Row) => squeeze(row.slice(1)) === squeeze(truth.slice(0, 5));

const shapes: readonly Shape[] = [
  { file: 'customers_pipe.psv.gz', settings: { separator: '|' }, fields: ['id', ...address], isRight: exactly },
  {
    file: 'one_line_quoted_bom_crlf.csv.gz',
    settings: { recordSeparator: 'CRLF' },
    fields: ['id', 'address', 'comment'],
    isRight: ([, line], truth) => squeeze([line]) === squeeze(truth.slice(0, 5)),
  },
  {
    file: 'noheader_upper_latin1.tsv.gz',
    settings: { separator: '\t', encoding: 'ISO-8859-1', hasHeader: false, qualifier: '' },
    fields: ['id', ...address],
    isRight: (row, truth) => squeeze(row.slice(1)) === squeeze(truth.slice(0, 5)).toUpperCase(),
    mayDiffer: 0.06,
  },
  {
    file: 'mailing_fixed_width_120.txt.gz',
    settings: { recordType: 'line sequential', recordSeparator: 'CRLF' },
    fields: [
      ['id', 9],
      ['line1', 40],
      ['line2', 20],
      ['city', 28],
      ['state', 2],
      ['zip', 9],
      ['filler', 12],
    ].map(([name, length]) => ({ name, length, trim: true })),
    isRight: ([, line1, line2, city, state, zip], truth) =>
      squeeze([line1, line2, city, state]) ===
        squeeze([text(truth[0]).slice(0, 40), text(truth[1]).slice(0, 20), text(truth[2]).slice(0, 28), truth[3]]) &&
      text(zip) === text(truth[4]).replace('-', '').slice(0, 9),
    mayDiffer: 0.02,
  },
  {
    file: 'records.xml.gz',
    settings: { recordType: 'xml', recordElement: 'a:Record', namespaces: { a: 'urn:example:addresses' } },
    fields: [
      { name: 'id', path: '@id' },
      {
        name: 'lines',
        type: 'list',
        path: 'Street/Line',
        fields: [
          { name: 'n', type: 'integer', path: '@n' },
          { name: 'line', path: '.' },
        ],
      },
      { name: 'city', path: 'City' },
      { name: 'state', path: 'a:Region/@code' },
      { name: 'zip', path: 'PostalCode' },
    ],
    isRight: ([, lines, ...rest], truth) =>
      squeeze([...(lines as Row[]).map(([, line]) => line), ...rest]) === squeeze(truth.slice(0, 5)) &&
      (lines as Row[]).every(([n], index) => n === index + 1),
  },
  {
    file: 'five_lines.csv.gz',
    settings: {},
    fields: ['id', 'line1', 'line2', 'line3', 'line4', 'line5'],
    isRight: (row, truth) => sortWords(row.slice(1)) === sortWords(truth.slice(0, 5)),
  },
  {
    file: 'records.jsonl.gz',
    settings: { recordType: 'json lines' },
    fields: [
      { name: 'id', type: 'integer' },
      { name: 'lines', type: 'list', path: 'address.lines', fields: [{ name: 'line', path: '.' }] },
      { name: 'city', path: 'address.city' },
      { name: 'state', path: 'address.state' },
      { name: 'zip', path: 'address.postalCode' },
    ],
    isRight: ([, lines, ...rest], truth) =>
      squeeze([...(lines as Row[]).map(([line]) => line), ...rest]) === squeeze(truth.slice(0, 5)),
  },
  {
    file: 'degraded.csv.gz',
    settings: {},
    fields: ['id', 'defect', ...address],
    isRight: ([, defect, ...row], truth) => defect !== 'none' || squeeze(row) === squeeze(truth.slice(0, 5)),
  },
];

const testWithData = isHere ? test : test.skip;

testWithData.each(shapes)('$file is read record by record as the truth key has it', async (shape) => {
  const rows = await readRows(shape.file, shape.settings, shape.fields);
  expect(rows).toHaveLength(20_000);
  expect(rows.map(([id]) => text(id).trim())).toEqual([...key.keys()]);
  const wrong = rows.filter((row) => !shape.isRight(row, key.get(text(row[0]).trim()) as Row));
  const share = wrong.length / rows.length;
  expect({ share, examples: share > (shape.mayDiffer ?? 0) ? wrong.slice(0, 3) : [] }).toEqual({ share, examples: [] });
});

testWithData('a shape has as many records as its file says', () => {
  const document = gunzipSync(readFileSync(join(folder, 'records.xml.gz'))).toString('utf8');
  expect(document.match(/<Record /g)).toHaveLength(20_000);
});
