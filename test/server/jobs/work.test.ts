import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageType } from '../../../server/dataflow/index.ts';
import { record } from '../../../server/foundation/fields.ts';
import { createServiceAccess } from '../../../server/jobs/service-access.ts';
import { Work } from '../../../server/jobs/work.ts';
import type { WorkerMessage, WorkerTask } from '../../../server/jobs/worker-protocol.ts';
import { openFileSecrets, openSecrets } from '../../../server/secrets/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'work-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A source without rows that asks for what stands behind a reference. */
function askingType(reference: string, answers: string[]): StageType {
  return {
    definition: {
      name: 'Ask',
      label: 'Ask',
      group: 'sources',
      description: 'Asks for a secret',
      inputs: { fixed: [] },
      outputs: { fixed: [] },
      settings: record('None', {}),
    },
    plan: () => ({
      outputs: new Map(),
      problems: [],
      flow: 'streaming',
      canResume: true,
      open: ({ resources }) => ({
        // biome-ignore lint/correctness/useYield: there are no rows
        async *batches() {
          answers.push(await resources.secrets.resolve(reference));
        },
      }),
    }),
  };
}

async function runAsking(reference: string) {
  const answers: string[] = [];
  const messages: WorkerMessage[] = [];
  const task: WorkerTask = {
    order: {
      id: 'run-1',
      dataflow: 'ask',
      version: 1,
      document: { type: 'job', stages: [{ id: 'ask', type: 'Ask' }], channels: [] },
      options: {},
      submittedBy: 'tester',
      submittedAt: '2026-01-01T00:00:00.000Z',
      databases: {},
      defaultDatabases: {},
      savedOptions: {},
    },
    epoch: 1,
    referenceData: '',
    fileRoots: [folder],
    secrets: join(folder, 'secrets'),
    spillRoot: folder,
    memoryMiB: 128,
    checkpointRows: 1_000,
    checkpointMs: 0,
  };
  const work = new Work({
    task,
    stageTypes: new Map([['Ask', askingType(reference, answers)]]),
    services: createServiceAccess({ services: [], savedOptions: () => ({}), databases: () => noDatabase }),
    secrets: openSecrets({ folder: task.secrets }),
    send(message) {
      messages.push(message);
      if (message.kind === 'question') work.receive({ kind: 'settled', question: message.question });
    },
  });
  await work.run();
  const outcome = messages.find((message) => message.kind === 'outcome')?.outcome;
  return { answers, outcome, messages };
}

const noDatabase = {
  database: () => {
    throw new Error('none');
  },
};

test('a stage gets the secret behind a reference, and nothing of it leaves the run', async () => {
  await openFileSecrets(join(folder, 'secrets')).set('erp', 'correct horse');
  const { answers, outcome, messages } = await runAsking('secret:erp');
  expect(outcome).toEqual({ status: 'succeeded' });
  expect(answers).toEqual(['correct horse']);
  expect(JSON.stringify(messages)).not.toContain('horse');
});

test('a run whose secret is not there fails with a sentence that names the reference', async () => {
  const { outcome } = await runAsking('secret:erp');
  expect(outcome).toEqual({
    status: 'failed',
    error: expect.stringContaining('There is no secret erp; set it with spectrum secret set erp'),
  });
});
