import type { Fold } from '../../../server/configuration/fold.ts';
import type { ConfigurationKind } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { usersOf } from '../../../server/configuration/references.ts';
import { importConfiguration } from '../../../server/configuration/transfer.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const stage = (settings: object) => ({ stages: [{ id: 'a', type: 'Any', settings }] });
const exposed = (document: object) => ({
  latest: document,
  exposedVersion: 1,
  versions: [{ number: 1, document }],
});
const objects: readonly (readonly [ConfigurationKind, string, object])[] = [
  ['connection', 'erp', { type: 'postgresql' }],
  ['file-server', 'depot', { type: 'sftp', host: 'files.example' }],
  ['dataflow', 'latest', { latest: stage({ connection: 'erp' }) }],
  [
    'dataflow',
    'exposed',
    {
      latest: { stages: [] },
      exposedVersion: 2,
      versions: [
        { number: 1, document: stage({ server: 'depot' }) },
        { number: 2, document: stage({ connection: 'erp' }) },
      ],
    },
  ],
  ['dataflow', 'odd', { latest: { stages: [null, { settings: 'none' }, 7] } }],
  ['dataflow', 'part', { latest: { stages: [] } }],
  ['dataflow', 'whole', exposed({ stages: [{ id: 'a', type: 'Subflow', settings: { dataflow: 'part' } }] })],
  ['dataflow', 'draft', { latest: { stages: [{ id: 'a', type: 'Subflow', settings: { dataflow: 'part' } }] } }],
  ['dataflow', 'circle', exposed({ stages: [{ id: 'a', type: 'Subflow', settings: { dataflow: 'circle' } }] })],
  ['process-flow', 'night', exposed({ activities: [null, { id: 'a', type: 'job', dataflow: 'whole' }] })],
  ['process-flow', 'noon', { latest: { activities: [{ id: 'a', type: 'execute-sql', connection: 'erp' }] } }],
  ['schedule', 'nightly', { flowKind: 'dataflow', flow: 'latest', trigger: { kind: 'cron', pattern: '30 2 * * *' } }],
];

async function open() {
  const configuration = await openConfigurationOn(new MemoryTable(), { clusterName: 'test' });
  for (const [kind, name, value] of objects)
    await configuration.commit({ kind, name, value, operation: 'put', by: 'test', expected: 'absent' });
  return configuration;
}

test.each<[ConfigurationKind, string, readonly string[]]>([
  ['connection', 'erp', ['dataflow/exposed', 'dataflow/latest', 'process-flow/noon']],
  ['file-server', 'depot', []],
  ['dataflow', 'latest', ['schedule/nightly']],
  ['process-flow', 'latest', []],
  ['dataflow', 'exposed', []],
  ['dataflow', 'part', ['dataflow/whole']],
  ['dataflow', 'whole', ['process-flow/night']],
  ['dataflow', 'circle', []],
])('%s %s is used by %j', async (kind, name, users) => {
  const configuration = await open();
  expect(usersOf(configuration.snapshot() as Fold, kind, name)).toEqual(users);
  await configuration.close();
});

test('what a flow or a schedule uses is not deleted, and the refusal lists them', async () => {
  const configuration = await open();
  const remove = (kind: ConfigurationKind, name: string) => {
    const expected = configuration.snapshot().find(kind, name)?.revision ?? 0;
    return configuration.commit({ kind, name, operation: 'delete', by: 'test', expected });
  };
  await expect(remove('connection', 'erp')).rejects.toMatchObject({
    code: 'OBJECT_IN_USE',
    message: 'connection "erp" is used by dataflow/exposed, dataflow/latest, process-flow/noon; change these first',
  });
  await expect(remove('dataflow', 'latest')).rejects.toMatchObject({ code: 'OBJECT_IN_USE' });
  for (const [kind, name] of [...objects].reverse()) await remove(kind, name);
  expect(configuration.snapshot().list('dataflow')).toEqual([]);
  await configuration.close();
});

test('an import that removes everything removes each object before what it uses', async () => {
  const configuration = await open();
  const file = { type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects: [] } as const;
  await importConfiguration(configuration, file, { by: 'test', others: 'remove' });
  expect(configuration.snapshot().list('dataflow')).toEqual([]);
  await configuration.close();
});
