import type { Row } from '../../../../server/dataflow/index.ts';
import { keysOf } from '../../../../server/stages/unique-id-generator/key-algorithms.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const fields = [{ name: 'name', type: 'string' } as const];
const rows = Array.from({ length: 40 }, (_, n): Row => [`Name ${n}`]);
const inputs = { input_port: { fields, rows } };

async function idsOf(settings: object, more: object = {}) {
  const answer = await runStage({ type: 'UniqueIDGenerator', settings, inputs, ...more });
  return { ids: answer.rows.output_port?.map((row) => row[1]) ?? [], checkpoints: answer.checkpoints };
}

test('numbers go on where a run goes on', async () => {
  const { ids, checkpoints } = await idsOf({ start: 5 }, { checkpointRows: 7 });
  expect(ids).toEqual(rows.map((_, n) => BigInt(n + 5)));
  expect(checkpoints.length).toBeGreaterThan(1);
  for (const restored of checkpoints) {
    expect((await idsOf({ start: 5 }, { restored })).ids).toEqual(ids);
  }
});

test.each([
  ['uuid', /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/],
  ['datetime', /^20\d{15}\d{6}$/],
])('%s ids are unique', async (method, shape) => {
  const { ids } = await idsOf({ method });
  expect(new Set(ids).size).toBe(rows.length);
  for (const id of ids) expect(id).toMatch(shape);
});

test.each<[keyof typeof keysOf, string, string]>([
  ['soundex', 'Robert', 'R163'],
  ['soundex', 'Rupert', 'R163'],
  ['soundex', 'Ashcraft', 'A261'],
  ['soundex', 'Tymczak', 'T522'],
  ['soundex', 'Pfister', 'P236'],
  ['soundex', 'Honeyman', 'H555'],
  ['soundex', '12', ''],
  ['consonants', 'Main Street', 'MNSTRT'],
  ['initials', 'john q. public', 'JQP'],
  ['md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
])('%s of %s is %s', (algorithm, text, key) => {
  expect(keysOf[algorithm](text)).toBe(key);
});

test.each([
  [{ connection: 'db', table: 't' }, ['stage stage: column: is missing; connection, table and column go together']],
  [
    { connection: 'db', table: 't', column: 'id', method: 'uuid' },
    [expect.stringContaining('stage stage: method: numbers behind those of a database are sequential')],
  ],
  [{ connection: 'db', table: 't', column: 'id' }, []],
])('%j is checked', (settings, problems) => {
  expect(problemsOf({ type: 'UniqueIDGenerator', settings, inputs })).toEqual(problems);
});
