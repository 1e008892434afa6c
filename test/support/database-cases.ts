import type { DatabaseAccess, LayoutField, Row, StageResources } from '../../server/dataflow/index.ts';
import { runStage } from '../server/stages/support/run-stage.ts';

/** A database of one kind, for the tests that every kind must pass. */
export interface DatabaseUnderTest {
  /** The databases of a run of this name, with one connection called `db`. */
  open(run: string): DatabaseAccess;
}

const typed: readonly (readonly [LayoutField, readonly Row[number][]])[] = [
  [{ name: 'id', type: 'integer' }, [1, 2, -2_147_483_648]],
  [{ name: 'text', type: 'string' }, ["O'Hara; DROP TABLE every_type --", '', '東 "é" \\ 😀\n']],
  [{ name: 'yes', type: 'boolean' }, [true, false, null]],
  [{ name: 'long', type: 'long' }, [9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 0n]],
  [{ name: 'double', type: 'double' }, [0.1, -1.5e300, null]],
  [{ name: 'decimal', type: 'bigdecimal' }, ['12345678901234567890.0123456789', '-0.5', '7']],
  [{ name: 'day', type: 'date' }, [0, 20_000, -100]],
  [{ name: 'time', type: 'time' }, [0, 86_399_999, null]],
  [{ name: 'moment', type: 'datetime' }, [1_700_000_000_123, -1_000, 0]],
  [{ name: 'bytes', type: 'bytearray' }, [new Uint8Array([0, 255, 39, 92]), new Uint8Array([]), null]],
  [{ name: 'place "x"', type: 'geometry' }, [{ type: 'Point', coordinates: [-77.1, 38.9] }, null, null]],
];
const everyField = typed.map(([field]) => field);
const everyRow: readonly Row[] = [0, 1, 2].map((index) => typed.map(([, values]) => values[index] ?? null));

const pair: readonly LayoutField[] = [
  { name: 'id', type: 'integer' },
  { name: 'name', type: 'string' },
];

/** What stages promise of databases, whichever it is. */
export function describeDatabase(kind: string, provide: () => DatabaseUnderTest): void {
  let count = 0;
  const newTable = () => `t${++count}`;
  const resources = (run: string): Partial<StageResources> => ({ databases: provide().open(run) });
  const write = (settings: object, rows: readonly Row[], more: object = {}) =>
    runStage({
      type: 'WriteToDB',
      settings: { connection: 'db', keys: ['id'], prepare: 'create', batchRows: 10, ...settings },
      inputs: { input_port: { fields: pair, rows } },
      outputs: ['error_port'],
      resources: resources(`run ${++count}`),
      ...more,
    });
  const read = async (sql: string, fields: readonly LayoutField[] = pair, more: object = {}) => {
    const settings = { connection: 'db', sql, fields, ...more };
    const { rows } = await runStage({ type: 'ReadFromDB', settings, inputs: {}, resources: resources('reading') });
    return rows.output_port;
  };
  const numbered = (from: number, to: number, name = 'n'): Row[] =>
    Array.from({ length: to - from }, (_, index) => [from + index, `${name}${from + index}`]);

  describe(kind, () => {
    test('values of every type are written and read back, and none is ever SQL', async () => {
      await runStage({
        type: 'WriteToDB',
        settings: { connection: 'db', table: 'every_type', prepare: 'recreate' },
        inputs: { input_port: { fields: everyField, rows: everyRow } },
        outputs: [],
        resources: resources('types'),
      });
      const rows = await read('SELECT * FROM every_type', everyField);
      expect([...(rows ?? [])].sort((left, right) => Number(right[0]) - Number(left[0]))).toEqual(
        [...everyRow].sort((left, right) => Number(right[0]) - Number(left[0])),
      );
    });

    test('upserts change rows with the same keys and add the others; the last of several counts', async () => {
      const table = newTable();
      await write({ table, mode: 'upsert' }, numbered(0, 25));
      await write({ table, mode: 'upsert' }, [
        [3, 'three'],
        [40, 'forty'],
        [3, 'drei'],
      ]);
      const rows = await read(`SELECT * FROM ${table} ORDER BY id`);
      expect(rows).toEqual([...numbered(0, 3), [3, 'drei'], ...numbered(4, 25), [40, 'forty']]);
    });

    test('updates change what is there; a row without a partner goes to the error port', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 3));
      const { rows } = await write({ table, mode: 'update' }, [
        [1, 'one'],
        [9, 'nine'],
      ]);
      expect(rows.error_port).toEqual([[9, 'nine', expect.stringContaining('no row has this id')]]);
      expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual([
        [0, 'n0'],
        [1, 'one'],
        [2, 'n2'],
      ]);
    });

    test('what the database does not take goes to the error port, and the rest of its batch is written', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 5));
      const { rows } = await write({ table }, numbered(3, 17));
      expect(rows.error_port?.map(([id]) => id)).toEqual([3, 4]);
      expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual(numbered(0, 17));
    });

    test('a table is emptied or made anew before the first row', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 5));
      await write({ table, prepare: 'empty' }, numbered(7, 9));
      expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual(numbered(7, 9));
      await write({ table, prepare: 'recreate' }, numbered(0, 2));
      expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual(numbered(0, 2));
    });

    test('a run that is taken over at any checkpoint inserts no row twice and tells refusals again', async () => {
      const table = newTable();
      const standing: Row[] = [
        [13, 'here'],
        [38, 'already'],
      ];
      await write({ table }, standing);
      const given = { checkpointRows: 7, resources: resources(`${table} taken over`) };
      const first = await write({ table }, numbered(0, 60), given);
      const refused = [13, 38].map((id) => [id, `n${id}`, expect.any(String)]);
      expect(first.rows.error_port).toEqual(refused);
      expect(first.checkpoints.length).toBeGreaterThan(0);
      const expected = numbered(0, 60).map((row) => standing.find(([id]) => id === row[0]) ?? row);
      for (const restored of [undefined, ...first.checkpoints]) {
        const again = await write({ table }, numbered(0, 60), { ...given, ...(restored && { restored }) });
        expect(again.rows.error_port).toEqual(refused);
        expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual(expected);
      }
    });

    test('an owner that wakes up after another took its run over writes nothing more', async () => {
      const table = newTable();
      await write({ table }, []);
      const open = async () => {
        const session = await provide().open(table).open('db');
        const progress = { table: 'spectrum_progress', name: `${table}#stage` };
        return session.openTable({ table, columns: pair, keys: [], mode: 'insert', prepare: 'keep', progress });
      };
      const earlier = await open();
      await earlier.write(numbered(0, 2), 0);
      const later = await open();
      expect(later.dealtWith).toBe(2);
      await expect(earlier.write(numbered(2, 4), 2)).rejects.toThrow('another owner of the run goes on with it');
      await later.write(numbered(2, 3), 2);
      expect(await read(`SELECT * FROM ${table} ORDER BY id`)).toEqual(numbered(0, 3));
    });

    test('reading goes on behind the last row of any checkpoint', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 50));
      const settings = { connection: 'db', sql: `SELECT * FROM ${table} WHERE id <> \${left out};`, fields: pair };
      const stage = {
        type: 'ReadFromDB',
        settings: { ...settings, parameters: { 'left out': '20' }, fetchRows: 8, resumeBy: 'id' },
        inputs: {},
        checkpointRows: 8,
        resources: resources('reading'),
      };
      const expected = numbered(0, 50).filter(([id]) => id !== 20);
      const { rows, checkpoints } = await runStage(stage);
      expect(rows.output_port).toEqual(expected);
      expect(checkpoints.length).toBeGreaterThan(0);
      for (const restored of checkpoints)
        expect((await runStage({ ...stage, restored })).rows.output_port).toEqual(expected);
    });

    test('no more records are read than wanted, and a column that the query lacks is named', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 30));
      const sql = `SELECT * FROM ${table} ORDER BY id`;
      expect(await read(sql, pair, { fetchRows: 7, maximumRecords: 10 })).toEqual(numbered(0, 10));
      await expect(read(sql, [{ name: 'other', type: 'string' }])).rejects.toThrow(
        'fields: the query gives no column other; it gives id, name',
      );
    });

    test('Query DB adds matches to records, as many as there are, and keeps what has none', async () => {
      const table = newTable();
      await write({ table, keys: [] }, [
        [1, 'a'],
        [2, 'b'],
        [2, 'c'],
      ]);
      const lookUp = async (more: object) => {
        const settings = {
          connection: 'db',
          table,
          where: `id = $\{number}`,
          fields: [{ name: 'found', column: 'name' }],
        };
        const fields = [{ name: 'number', type: 'integer' }] as const;
        const rows = [[2], [1], [null], [3], [2]];
        const inputs = { input_port: { fields, rows } };
        return (
          await runStage({ type: 'QueryDB', settings: { ...settings, ...more }, inputs, resources: resources('q') })
        ).rows.output_port;
      };
      const all = await lookUp({});
      expect(all?.map(([number, found]) => `${number}${found}`).sort()).toEqual(
        ['1a', '2b', '2b', '2c', '2c', '3null', 'nullnull'].sort(),
      );
      expect((await lookUp({ noMatch: 'leave out', maximumMatches: 1 }))?.map(([number]) => number)).toEqual([2, 1, 2]);
    });

    test('ids go on behind the largest number of a column, and a run that is taken over with its own', async () => {
      const table = newTable();
      await write({ table }, [...numbered(3, 9), [40, 'n40']]);
      const give = async (settings: object, more: object = {}) => {
        const fields = [{ name: 'name', type: 'string' }] as const;
        const rows = numbered(0, 30).map(([, name]) => [name ?? null]);
        const place = { connection: 'db', table, column: 'id', ...settings };
        const inputs = { input_port: { fields, rows } };
        const test = { type: 'UniqueIDGenerator', settings: place, inputs, resources: resources('ids'), ...more };
        const { rows: given, checkpoints } = await runStage(test);
        return { ids: (given.output_port ?? []).map(([, id]) => Number(id)), checkpoints };
      };
      const expected = Array.from({ length: 30 }, (_, index) => 41 + index);
      const { ids, checkpoints } = await give({}, { checkpointRows: 7, batchRows: 7 });
      expect(ids).toEqual(expected);
      await write({ table }, [[1_000, 'n1000']]);
      for (const restored of checkpoints) expect((await give({}, { restored, batchRows: 7 })).ids).toEqual(expected);
      expect((await give({})).ids[0]).toBe(1_001);
      expect((await give({ start: 5_000 })).ids[0]).toBe(5_000);
      await write({ table, prepare: 'empty' }, []);
      expect((await give({ start: 7 })).ids[0]).toBe(7);
      await expect(give({ table: 'nowhere' })).rejects.toThrow(/^connection db: .*nowhere/);
    });

    test('a statement by itself has its values as parameters and tells how many rows it changed', async () => {
      const table = newTable();
      await write({ table }, numbered(0, 5));
      const session = await provide().open('statements').open('db');
      const execute = (texts: readonly string[], ...values: readonly string[]) =>
        session.execute({ texts, types: values.map(() => 'string' as const) }, values);
      const name = "x'); DROP TABLE t --";
      expect(await execute([`UPDATE ${table} SET name = `, ' WHERE id >= ', ''], name, '3')).toBe(2);
      await execute([`CREATE TABLE ${table}_copy AS SELECT * FROM ${table}`]);
      await expect(execute(['DELETE FROM nowhere'])).rejects.toThrow(/^connection db: .*nowhere/);
      await session.close();
      expect(await read(`SELECT * FROM ${table}_copy ORDER BY id`)).toEqual([...numbered(0, 3), [3, name], [4, name]]);
    });

    test('a statement that the database refuses names the connection', async () => {
      await expect(read('SELECT * FROM nowhere')).rejects.toThrow(/^connection db: .*nowhere/);
    });
  });
}
