import type { DatabaseAccess, QueriedRow, Value } from '../../../../server/dataflow/index.ts';
import { runStage } from '../support/run-stage.ts';

test('records that ask the same are asked for once, until their matches are too many to be kept', async () => {
  const asked: Value[] = [];
  const session = {
    async lookUp(_query: unknown, parameterLists: readonly (readonly Value[])[]): Promise<QueriedRow[][]> {
      return parameterLists.map(([number = null]) => {
        asked.push(number);
        return Array.from({ length: 30_000 }, (_, index) => [`${number}/${index}`]);
      });
    },
    close: async () => undefined,
  };
  const databases = { run: 'r', open: async () => session } as unknown as DatabaseAccess;
  const given = [1, 1, 2, 3, 4, 5, 1];
  const { rows } = await runStage({
    type: 'QueryDB',
    settings: { connection: 'db', table: 't', where: `id = $\{number}`, fields: [{ name: 'found' }] },
    inputs: { input_port: { fields: [{ name: 'number', type: 'integer' }], rows: given.map((number) => [number]) } },
    resources: { databases },
  });
  const found = rows.output_port ?? [];
  expect(asked).toEqual([1, 2, 3, 4, 5, 1]);
  expect(found).toHaveLength(given.length * 30_000);
  expect(given.map((_, index) => found[index * 30_000])).toEqual(given.map((number) => [number, `${number}/0`]));
});
