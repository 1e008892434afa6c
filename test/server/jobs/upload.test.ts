import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileServers } from '../../../server/connections/index.ts';
import type { FileTarget } from '../../../server/jobs/file-completion.ts';
import { createServiceAccess } from '../../../server/jobs/service-access.ts';
import { Work } from '../../../server/jobs/work.ts';
import type { WorkerMessage, WorkerOutcome, WorkerTask } from '../../../server/jobs/worker-protocol.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';
import { type SftpServer, startSftpServer } from '../../support/sftp-server.ts';

let folder: string;
let sftp: SftpServer;
let s3: FakeS3;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'upload-'));
  for (const name of ['served', 'files']) mkdirSync(join(folder, name));
  sftp = await startSftpServer(join(folder, 'served'), 'spectrum', 'secret');
  s3 = await startFakeS3();
});
afterAll(async () => {
  await sftp.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

const end = (text: string) => ({ stage: text.split('.')[0], port: text.split('.')[1] });
const copy = (mode: string) => ({
  type: 'job',
  stages: [
    {
      id: 'read',
      type: 'ReadFromFile',
      settings: { server: 'bucket', file: 'in-*.csv', fields: [{ name: 'Id' }, { name: 'Name' }] },
    },
    { id: 'write', type: 'WriteToFile', settings: { server: 'partner', file: 'out.csv', mode } },
  ],
  channels: [{ from: end('read.output_port'), to: end('write.input_port') }],
});

const task = (mode: string, more: Partial<WorkerTask> = {}): WorkerTask => ({
  order: {
    id: 'run-1',
    dataflow: 'copy',
    version: 1,
    document: copy(mode),
    options: {},
    submittedBy: 'tester',
    submittedAt: '2026-01-01T00:00:00.000Z',
    databases: {},
    defaultDatabases: {},
    savedOptions: {},
  },
  epoch: 1,
  referenceData: '',
  fileRoots: [join(folder, 'files')],
  secrets: '',
  spillRoot: folder,
  memoryMiB: 128,
  checkpointRows: 1_000,
  checkpointMs: 0,
  ...more,
});

/** Does the task, an owner of the run beside it; `isLost` stops it when only names are left to give. */
async function run(given: WorkerTask, isLost = false) {
  const secrets = { resolve: async () => 'secret' };
  const servers = {
    bucket: { type: 's3', host: 'bucket', user: 'key', settings: { endpoint: s3.endpoint, region: 'us-east-1' } },
    partner: {
      type: 'sftp',
      host: '127.0.0.1',
      port: sftp.port,
      user: 'spectrum',
      settings: { hostKey: sftp.hostKey },
      secret: 'secret:partner',
    },
  };
  let finishing: readonly FileTarget[] = [];
  let outcome: WorkerOutcome | undefined;
  const work = new Work({
    task: given,
    stageTypes,
    services: createServiceAccess({ services: [], savedOptions: () => ({}), databases: () => ({}) as never }),
    secrets,
    outside: { fileServers: openFileServers({ servers, secrets, owner: { run: 'r', epoch: 1 } }) },
    send(message: WorkerMessage) {
      if (message.kind === 'outcome') outcome = message.outcome;
      if (message.kind !== 'question') return;
      if (message.about.kind === 'finishing') finishing = message.about.targets;
      const error = isLost && message.about.kind === 'finishing' ? { error: 'lost' } : {};
      queueMicrotask(() => work.receive({ kind: 'settled', question: message.question, ...error }));
    },
  });
  await work.run();
  return { outcome, finishing };
}

const served = () => readdirSync(join(folder, 'served'));
const left = () => (existsSync(join(folder, 'files/.uploads')) ? readdirSync(join(folder, 'files/.uploads')) : []);
const expected = 'Id,Name\n1,Anna\n2,Bert\n';

beforeEach(() => {
  for (const name of served()) rmSync(join(folder, 'served', name));
  s3.objects.set('bucket/in-1.csv', Buffer.from('Id,Name\n1,Anna\n'));
  s3.objects.set('bucket/in-2.csv', Buffer.from('Id,Name\n2,Bert\n'));
});

test('a job reads from a bucket and writes to an SFTP server, where the file is whole and alone', async () => {
  expect((await run(task('overwrite'))).outcome).toEqual({ status: 'succeeded' });
  expect(served()).toEqual(['out.csv']);
  expect(readFileSync(join(folder, 'served/out.csv'), 'utf8')).toBe(expected);
  expect(left()).toEqual([]);
});

test.each(['overwrite', 'refuse'])(
  '%s: whoever takes over a run that may only finish puts its file there',
  async (mode) => {
    const { finishing, outcome } = await run(task(mode), true);
    expect(outcome?.status).toBe('failed');
    expect(served()).toEqual([]);
    const finish = JSON.parse(JSON.stringify(finishing)) as FileTarget[];
    expect((await run(task(mode, { epoch: 2, finish }))).outcome).toEqual({ status: 'succeeded' });
    expect(readFileSync(join(folder, 'served/out.csv'), 'utf8')).toBe(expected);
    expect((await run(task(mode, { epoch: 3, finish }))).outcome).toEqual({ status: 'succeeded' });
    expect(left()).toEqual([]);
  },
);

test('a file that stands there already is not replaced when that is refused', async () => {
  writeFileSync(join(folder, 'served/out.csv'), 'theirs');
  const { outcome } = await run(task('refuse'));
  expect(outcome).toEqual({ status: 'failed', error: 'file: out.csv is there already and may not be replaced' });
  expect(readFileSync(join(folder, 'served/out.csv'), 'utf8')).toBe('theirs');
});
