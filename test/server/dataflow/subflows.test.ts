import { checkDataflow, expandSubflows } from '../../../server/dataflow/index.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { channel, field } from '../../support/service-dataflows.ts';

const definitions = new Map([...stageTypes].map(([type, { definition }]) => [type, definition]));

/**
 * ```
 * upper:  Input ─► change ─► Output        twice:  Input ─► first(upper) ─► second(upper) ─► Output
 * ```
 */
const upper = {
  type: 'subflow',
  stages: [
    { id: 'Input', type: 'Input', settings: { fields: [field('Text')] } },
    { id: 'change', type: 'Transformer', settings: { transforms: [{ kind: 'case', field: 'Text', case: 'upper' }] } },
    { id: 'Output', type: 'Output', settings: { fields: [field('Text')] } },
  ],
  channels: [channel('Input', 'change'), channel('change', 'Output')],
  options: [{ name: 'Case', mappings: [{ stage: 'change', setting: 'transforms.0.case' }] }],
};
const use = (dataflow: string, options = {}) => ({ type: 'Subflow', settings: { dataflow, options } });
const chain = (type: string, ...used: object[]) => ({
  type,
  stages: [
    { id: 'Input', type: 'Input', settings: { fields: [field('Text')] } },
    ...used.map((one, index) => ({ id: `s${index}`, ...one })),
    { id: 'Output', type: 'Output', settings: { fields: [field('Text')] } },
  ],
  channels: ['Input', ...used.map((_, index) => `s${index}`), 'Output']
    .slice(1)
    .map((to, index) => channel(index === 0 ? 'Input' : `s${index - 1}`, to)),
});
const expand = (document: object, known: Readonly<Record<string, object>>, given = {}) =>
  expandSubflows(
    'whole',
    document,
    definitions,
    { find: (name) => known[name], names: () => Object.keys(known) },
    given,
  );

test('stages of subflows, and of theirs, take the places of their stages', () => {
  const known = { upper, twice: chain('subflow', use('upper'), use('upper', { Case: 'lower' })) };
  const { value, problems } = expand(chain('service', use('twice'), use('upper')), known);
  expect(problems).toEqual([]);
  const { stages, channels } = value as { stages: { id: string; settings: unknown }[]; channels: object[] };
  expect(stages.map(({ id }) => id)).toEqual(['Input', 's0/s0/change', 's0/s1/change', 's1/change', 'Output']);
  expect(channels).toEqual(
    expect.arrayContaining([
      channel('Input', 's0/s0/change'),
      channel('s0/s0/change', 's0/s1/change'),
      channel('s0/s1/change', 's1/change'),
      channel('s1/change', 'Output'),
    ]),
  );
  expect(channels).toHaveLength(4);
  expect(stages[2]?.settings).toEqual({ transforms: [{ kind: 'case', field: 'Text', case: 'lower' }] });
  expect(checkDataflow('whole', value, stageTypes).problems).toEqual([]);
});

test('a dataflow without subflows stays as it is', () => {
  const document = chain('service', { type: 'StreamCombiner' });
  expect(expand(document, {}).value).toBe(document);
});

test('an option of the dataflow reaches an option of a subflow', () => {
  const document = {
    ...chain('service', use('upper')),
    options: [{ name: 'Letters', mappings: [{ stage: 's0', setting: 'options.Case' }] }],
  };
  const { value } = expand(document, { upper }, { Letters: 'title' });
  expect(JSON.stringify(value)).toContain('"case":"title"');
  expect(expand(document, { upper }, { Leters: 'title' }).problems[0]?.sentence).toContain('its options are Letters');
});

test.each([
  [
    'of itself',
    { a: chain('subflow', use('a')) },
    'the subflow comes back to itself by a → a; take one of them out',
    's0/s0',
  ],
  [
    'by others',
    { a: chain('subflow', use('b')), b: chain('subflow', use('c')), c: chain('subflow', use('a')) },
    'the subflow comes back to itself by a → b → c → a; take one of them out',
    's0/s0/s0/s0',
  ],
])('a circle %s is refused with the way round', (_, known, sentence, stage) => {
  expect(expand(chain('service', use('a')), known).problems).toEqual([{ stage, setting: 'dataflow', sentence }]);
});

test.each([
  ['uper', { upper }, 'no dataflow uper is exposed; did you mean upper?'],
  ['upper', {}, 'no dataflow upper is exposed; save and expose it first'],
  ['job', { job: chain('job') }, 'job is a job; use a dataflow of type subflow'],
  ['none', { none: { type: 'subflow' } }, 'the subflow none: stages: is missing'],
  ['straight', { straight: chain('subflow') }, 'Input leads straight to Output in it; put a stage between'],
])('%s is refused', (name, known, sentence) => {
  expect(expand(chain('service', use(name)), known).problems[0]?.sentence).toContain(sentence);
});

test('ports are those of Input and Output, by label where there are several', () => {
  const parted = {
    type: 'subflow',
    stages: [
      { id: 'Input', type: 'Input', settings: { fields: [field('Text')] } },
      { id: 'copy', type: 'Broadcaster' },
      { id: 'o1', label: 'one', type: 'Output', settings: { fields: [] } },
      { id: 'o2', label: 'two', type: 'Output', settings: { fields: [] } },
    ],
    channels: [channel('Input', 'copy'), channel('copy:a', 'o1'), channel('copy:b', 'o2')],
  };
  const document = {
    type: 'job',
    stages: [
      { id: 'in', type: 'ReadFromFile', settings: { file: 'a', fields: [{ name: 'Text' }] } },
      { id: 's', ...use('parted') },
      { id: 'x', type: 'WriteToNull' },
      { id: 'y', type: 'WriteToNull' },
    ],
    channels: [channel('in', 's'), channel('s:one', 'x'), channel('s:two', 'y')],
  };
  const { value, problems } = expand(document, { parted });
  expect(problems).toEqual([]);
  expect(checkDataflow('whole', value, stageTypes).problems).toEqual([]);
  const wrong = { ...document, channels: [channel('in', 's'), channel('s:one', 'x'), channel('s:three', 'y')] };
  expect(expand(wrong, { parted }).problems).toEqual([
    { stage: 's', port: 'two', sentence: 'the output port has no channel; connect it' },
    { stage: 's', port: 'three', sentence: 'the subflow has no such output port; its output ports are one, two' },
  ]);
});
