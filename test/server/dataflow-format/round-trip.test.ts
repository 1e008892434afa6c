import { readFileSync } from 'node:fs';
import { checkDataflow, type DataflowDocument, parseDataflow } from '../../../server/dataflow/index.ts';
import { readDataflowFile, writeDataflowFile } from '../../../server/dataflow-format/index.ts';
import { serviceRegistry } from '../../../server/services/index.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { plainService, routedService } from '../../support/service-dataflows.ts';

const known = { all: new Set(stageTypes.keys()), services: new Set(serviceRegistry.map(({ name }) => name)) };
const author = { user: 'ann', host: 'node--1 <x>', at: new Date(Date.UTC(2027, 2, 31, 14, 5, 9)) };
const file = (name: string) => readFileSync(`test/fixtures/dataflow-format/${name}.df`, 'utf8');
const withoutComment = (text: string) => text.replace(/^<!--.*?-->/, '');
const problemsOf = (document: unknown) => checkDataflow('imported', document, stageTypes).problems;

test('a service of known stages is understood whole', () => {
  const { name, exposed, document, notUnderstood } = readDataflowFile(file('routed'), known);
  expect([name, exposed, notUnderstood, problemsOf(document)]).toEqual(['routed', false, [], []]);
  const byLabel = new Map(document.stages.map((stage) => [stage.label, stage]));
  expect([...byLabel.keys()].sort()).toEqual([
    'Input',
    'Output',
    'end_if',
    'error',
    'if_then',
    'typeInput_1',
    'typeInput_2',
  ]);
  expect(byLabel.get('if_then')?.settings).toEqual({
    conditions: [
      { port: 'port', all: [{ field: 'typeInput', operator: 'is equal to', value: '1' }] },
      { port: 'port 2', all: [{ field: 'typeInput', operator: 'is equal to', value: '2' }] },
    ],
    default: 'port 3',
  });
  expect(byLabel.get('error')?.settings).toEqual({
    transforms: [{ kind: 'status', status: 'Fail', code: '400', description: 'Invalid value for typeInput' }],
  });
  expect(Object.keys(document.layout as object)).toHaveLength(7);
});

test.each(['routed', 'indexing-job'])('%s comes back to the letter, but for the comment', (name) => {
  const given = readDataflowFile(file(name), known);
  const written = writeDataflowFile(given.name, given.document, author, known);
  expect(withoutComment(written)).toBe(withoutComment(file(name)));
  expect(written).toMatch(/^<!--Exported Wed Mar 31 14:05:09 UTC 2027 by ann from node-1 _x_--></);
  // Defaults that a designer fills in change nothing.
  const complete = parseDataflow(given.document).document;
  expect(writeDataflowFile(given.name, complete, author, known)).toBe(written);
});

test('another name is the id of the file, and nothing else changes', () => {
  const { document } = readDataflowFile(file('routed'), known);
  const written = writeDataflowFile('a & b', document, author, known);
  expect(readDataflowFile(written, known).name).toBe('a & b');
  expect(withoutComment(written)).toBe(withoutComment(file('routed')).replace('id="routed"', 'id="a &amp; b"'));
});

test('what is not understood is told, kept and not run', () => {
  const { document, notUnderstood } = readDataflowFile(file('indexing-job'), known);
  expect(notUnderstood.map(({ label, sentence }) => [label, sentence])).toEqual([
    ['Measure', expect.stringContaining('the transform Custom "Measure" runs a script that is not known')],
    ['Write to Search Index', expect.stringContaining('stages of the type indexsinkstage are not known here')],
  ]);
  expect(problemsOf(document).map(({ sentence }) => sentence)).toEqual(
    notUnderstood.map(({ sentence }) => `not understood: ${sentence}`),
  );
  const [read, id, , , rename] = document.stages;
  expect(read?.settings).toMatchObject({
    file: 'customers.txt',
    separator: '|',
    qualifier: '"',
    hasHeader: true,
    fewerFieldsAreMalformed: true,
  });
  expect(read?.settings).toMatchObject({
    fields: [
      { name: 'Name', type: 'string', trim: true },
      { name: 'Born', type: 'date' },
    ],
  });
  expect([id?.type, id?.settings]).toEqual(['UniqueIDGenerator', { method: 'uuid', field: 'RecordID' }]);
  expect(rename?.settings).toEqual({ transforms: [{ kind: 'rename', field: 'Name', to: 'Full.Name' }] });
});

test('a change keeps every stage that it does not touch to the letter, the ones not understood among them', () => {
  const { document } = readDataflowFile(file('indexing-job'), known);
  const stages = document.stages.map((stage) =>
    stage.label === 'Unique ID Generator' ? { ...stage, instances: 2 } : stage,
  );
  const written = writeDataflowFile('changed', { ...document, stages }, author, known);
  for (const element of file('indexing-job').match(/<stage id=.*?<\/stage>/gs) ?? []) {
    const isChanged = element.includes('<label>Unique ID Generator</label>');
    const settings = /<settings>.*?<\/settings>/s.exec(element)?.[0] ?? '';
    if (!isChanged) expect(written).toContain(settings);
  }
  const again = readDataflowFile(written, known);
  expect(withoutSource(again.document)).toEqual(withoutSource({ ...document, stages }));
});

test('renames of a channel become a stage of their own when they change', () => {
  const { document } = readDataflowFile(file('indexing-job'), known);
  const renames = { transforms: [{ kind: 'rename', field: 'Name', to: 'Whole.Name' }] };
  const stages = document.stages.map((stage) => (stage.label === 'Rename' ? { ...stage, settings: renames } : stage));
  const again = readDataflowFile(writeDataflowFile('changed', { ...document, stages }, author, known), known);
  expect(withoutSource(again.document)).toEqual(withoutSource({ ...document, stages }));
});

test.each([
  ['of known stages', routedService],
  ['with an option and a stage that the format cannot say', plainService],
  [
    'with lists, descriptions and a service',
    {
      type: 'service',
      description: 'Finds & "says" ]]> things',
      malformed: { stopAt: 0 },
      stages: [
        {
          id: 'in',
          type: 'Input',
          settings: {
            row: 'Row',
            fields: [
              { name: 'L', type: 'list', fields: [{ name: 'x' }] },
              { name: 'AddressLine1', description: 'Street' },
            ],
          },
        },
        {
          id: 'v',
          type: 'ValidateAddress',
          label: 'Check',
          settings: { options: { OutputCasing: 'U' } },
          instances: 3,
        },
        { id: 'out', type: 'Output', settings: { row: 'Row', fields: [{ name: 'City' }] } },
      ],
      channels: [
        { from: { stage: 'in', port: 'output_port' }, to: { stage: 'v', port: 'input_port' } },
        { from: { stage: 'v', port: 'output_port' }, to: { stage: 'out', port: 'input_port' } },
      ],
      exposure: {
        rest: true,
        soap: false,
        path: 'by/$\u007bData.AddressLine1}',
        resources: [{ method: 'POST', format: 'json', qualifier: 'x.json' }],
      },
      layout: { in: { x: 10, y: 20 } },
    },
  ],
])('a dataflow made here %s comes back equal', (_, given) => {
  const first = readDataflowFile(writeDataflowFile('made', given, author, known), known);
  expect(first.notUnderstood).toEqual([]);
  expect(withoutSource(first.document)).toEqual(withoutSource(given as unknown as DataflowDocument));
});

test.each([
  ['<a/>', 'The file is not a dataflow: its root is a'],
  ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 'a document type is not allowed'],
  ['<exportedDataflow>', 'is not XML we read'],
  [`<exportedDataflow>${'<a>'.repeat(100)}`, 'elements are nested deeper than 64'],
  ['', 'is not XML we read'],
])('%s is refused', (text, sentence) => {
  expect(() => readDataflowFile(text, known)).toThrow(sentence);
});

/** As it is stored, order of stages and of members aside. */
function withoutSource(document: object): unknown {
  const { source: _, ...rest } = parseDataflow(document).document ?? { source: undefined };
  const { stages = [] } = rest as DataflowDocument;
  return { ...rest, stages: [...stages].map(withDefaults).sort((left, right) => (left.id < right.id ? -1 : 1)) };
}

function withDefaults(stage: DataflowDocument['stages'][number]) {
  const { label = stage.id, ...rest } = stage;
  const settings = stage.settings as { fields?: { type?: string }[] };
  const fields = settings.fields?.map((field) => ({ type: 'string', ...field }));
  return {
    ...rest,
    label,
    settings: fields === undefined ? settings : { ...settings, row: 'Row', ...settings, fields },
  };
}
