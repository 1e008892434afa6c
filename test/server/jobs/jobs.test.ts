import type { ConfigurationSnapshot } from '../../../server/configuration/index.ts';
import { Jobs } from '../../../server/jobs/jobs.ts';
import { RunStore } from '../../../server/jobs/run-store.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const read = { connection: 'warehouse', sql: 'SELECT * FROM t ORDER BY Id', fields: [{ name: 'Id' }] };
const document = {
  type: 'job',
  options: [{ name: 'Target', default: 'archive', mappings: [{ stage: 'write', setting: 'connection' }] }],
  stages: [
    { id: 'read', type: 'ReadFromDB', settings: read },
    { id: 'write', type: 'WriteToDB', settings: { connection: 'set by the option', table: 't' } },
  ],
  channels: [{ from: { stage: 'read', port: 'output_port' }, to: { stage: 'write', port: 'input_port' } }],
};
const connection = (name: string) => ({
  kind: 'connection',
  name,
  value: { type: 'sqlite', settings: { file: `${name}.db` }, secret: `secret:${name}` },
});
const objects = [
  { kind: 'dataflow', name: 'copy', value: { exposedVersion: 1, versions: [{ number: 1, document }] } },
  ...['warehouse', 'archive', 'other', 'unused'].map(connection),
];
const snapshot = {
  find: (_: string, name: string) => objects.find((object) => object.name === name),
  list: (kind: string) => objects.filter((object) => object.kind === kind),
} as unknown as ConfigurationSnapshot;

test('an order keeps the file servers that its stages name', async () => {
  const settings = { server: 'partner', file: 'in.csv', fields: [{ name: 'Id' }] };
  const reading = {
    type: 'job',
    stages: [
      { id: 'read', type: 'ReadFromFile', settings },
      { id: 'write', type: 'WriteToNull' },
    ],
    channels: document.channels,
  };
  const server = { type: 'sftp', host: 'h', user: 'u', settings: {} };
  const stored = [
    { kind: 'dataflow', name: 'copy', value: { exposedVersion: 1, versions: [{ number: 1, document: reading }] } },
    ...['partner', 'unused'].map((name) => ({ kind: 'file-server', name, value: server })),
  ];
  const store = new RunStore({ table: new MemoryTable(), clusterName: 'test', nowMs: Date.now });
  const found = {
    find: (_: string, name: string) => stored.find((object) => object.name === name),
    list: (kind: string) => stored.filter((object) => object.kind === kind),
  } as unknown as ConfigurationSnapshot;
  const catchUp = async () => undefined;
  const jobs = new Jobs({ store, stageTypes, snapshot: () => found, catchUp, nowMs: Date.now });
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'somebody');
  expect((await store.find(id))?.order.fileServers).toEqual({ partner: server });
});

test.each([
  [{}, ['archive', 'warehouse']],
  [{ Target: 'other' }, ['archive', 'other', 'warehouse']],
])('an order with options %j keeps the connections that it names, and shows none of them', async (options, names) => {
  const table = new MemoryTable();
  const store = new RunStore({ table, clusterName: 'test', nowMs: Date.now });
  const catchUp = async () => undefined;
  const jobs = new Jobs({ store, stageTypes, snapshot: () => snapshot, catchUp, nowMs: Date.now });
  const view = await jobs.submit({ dataflow: 'copy', options }, 'somebody');
  const record = await store.find(view.id);
  expect(Object.keys(record?.order.connections ?? {}).sort()).toEqual(names);
  expect(JSON.stringify(view)).not.toContain('secret:');
});
