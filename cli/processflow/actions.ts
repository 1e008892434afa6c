import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../../contract/exit-codes.ts';
import type { ProcessFlowRunView } from '../../contract/process-flows.ts';
import { CommandError } from '../command-error.ts';
import { type Action, type ActionContext, type Actions, readJsonFile, readPairs, wordAt } from '../jobs/access.ts';

const execute: Action = {
  usage: 'NAME [--option VARIABLE=VALUE]… [--file "ACTIVITY|LABEL=PATH"]… [--wait]',
  summary: 'runs the exposed version of a process flow',
  run: submit,
};

/** Every action of `spectrum processflow`; execute and history are the names of the Administration Utility. */
export const processFlowActions: Actions = {
  list: { usage: '', summary: 'process flows with their exposed version', run: list },
  check: { usage: 'FILE', summary: 'everything wrong with a process flow', run: check },
  import: {
    usage: 'FILE [--name NAME] [--comment TEXT] [--expose]',
    summary: 'saves a process flow as a new version',
    run: importFile,
  },
  export: { usage: 'NAME', summary: 'the latest document', run: exportDocument },
  expose: {
    usage: 'NAME [--version N]',
    summary: 'lets callers run a version, the newest when none is named',
    run: expose,
  },
  unexpose: { usage: 'NAME', summary: 'takes the process flow from its callers', run: unexpose },
  delete: { usage: 'NAME', summary: 'forgets a process flow; its runs go on', run: remove },
  submit: execute,
  execute,
  status: { usage: 'ID [--wait]', summary: 'one run, activity by activity', run: status },
  history: { usage: '[--limit N]', summary: 'runs, newest first', run: history },
  cancel: { usage: 'ID', summary: 'cancels what runs and begins nothing more', run: cancel },
};

interface Version {
  readonly number: number;
  readonly comment: string;
  readonly document: unknown;
}

const nameOf = ({ words }: ActionContext) => wordAt(words, 0, 'the name of the process flow');
const idOf = ({ words }: ActionContext) => wordAt(words, 0, 'the id of the run');

async function list({ client, write }: ActionContext): Promise<number> {
  for await (const { name, exposedVersion, versions } of client.objects('process-flow').list({ sort: 'name' })) {
    const exposed = exposedVersion === undefined ? 'not exposed' : `version ${exposedVersion} exposed`;
    write(`${name}: newest version ${versions?.at(-1)?.number ?? 'none'}, ${exposed}\n`);
  }
  return exitCodes.success.code;
}

const flowFile = 'a process flow as `processflow export` writes it';

async function check({ client, words, write }: ActionContext): Promise<number> {
  const problems = await client.processFlows.check(
    readJsonFile(wordAt(words, 0, 'the file of the process flow'), flowFile),
  );
  if (problems.length === 0) write('nothing is wrong with it\n');
  for (const { activity, sentence } of problems)
    write(activity ? `activity ${activity}: ${sentence}\n` : `${sentence}\n`);
  return problems.length === 0 ? exitCodes.success.code : exitCodes.jobRefused.code;
}

async function importFile(context: ActionContext): Promise<number> {
  const { client, words, flags, write } = context;
  const file = wordAt(words, 0, 'the file of the process flow');
  const document = readJsonFile(file, flowFile);
  if ((await check({ ...context, write: flags.expose ? write : () => undefined })) !== 0 && flags.expose) {
    throw new CommandError(
      'jobRefused',
      `processflow: ${file} is not exposed with what is wrong above; correct it first`,
    );
  }
  const name = flags.name ?? basename(file).replace(/\.json$/, '');
  const flows = client.objects('process-flow');
  const found = await flows.find(name);
  const versions = (found?.value.versions as readonly Version[] | undefined) ?? [];
  const number = 1 + Math.max(0, ...versions.map((version) => version.number));
  const exposedVersion = flags.expose ? number : found?.value.exposedVersion;
  const value = {
    latest: document,
    versions: [...versions, { number, comment: flags.comment ?? '', document }],
    ...(exposedVersion !== undefined && { exposedVersion }),
  };
  if (found === undefined) await flows.create(name, value);
  else await flows.put(name, value, found);
  write(`${name}: version ${number} is saved${flags.expose ? ' and exposed' : ''}\n`);
  return exitCodes.success.code;
}

async function exportDocument(context: ActionContext): Promise<number> {
  const { value } = await context.client.objects('process-flow').get(nameOf(context));
  context.write(`${JSON.stringify(value.latest, undefined, 2)}\n`);
  return exitCodes.success.code;
}

async function expose(context: ActionContext): Promise<number> {
  const { client, flags, write } = context;
  const name = nameOf(context);
  let exposed = 0;
  await client.objects('process-flow').change(name, ({ name: _, revision: __, ...value }) => {
    const known = (value.versions as readonly Version[] | undefined) ?? [];
    const version =
      flags.version === undefined ? known.at(-1) : known.find(({ number }) => String(number) === flags.version);
    if (version === undefined) {
      const numbers = known.map(({ number }) => number).join(', ') || 'none yet; import one';
      throw new CommandError(
        'usage',
        `processflow: ${name} has no version ${flags.version ?? ''}; its versions are ${numbers}`,
      );
    }
    exposed = version.number;
    return { ...value, exposedVersion: exposed };
  });
  write(`${name}: version ${exposed} is exposed\n`);
  return exitCodes.success.code;
}

async function unexpose(context: ActionContext): Promise<number> {
  const name = nameOf(context);
  const without = context.client.objects('process-flow');
  await without.change(name, ({ name: _, revision: __, exposedVersion: ___, ...value }) => value);
  context.write(`${name}: no version is exposed\n`);
  return exitCodes.success.code;
}

async function remove(context: ActionContext): Promise<number> {
  const name = nameOf(context);
  await context.client.objects('process-flow').delete(name, 'any');
  context.write(`${name}: deleted\n`);
  return exitCodes.success.code;
}

async function submit(context: ActionContext): Promise<number> {
  const { client, flags, write } = context;
  const variables = readPairs('option', flags.option);
  const files = readPairs('file', flags.file);
  const run = await client.processFlows.submit({ processFlow: nameOf(context), variables, files });
  write(`${run.id}\n`);
  return flags.wait ? await waitFor(context, run.id) : exitCodes.success.code;
}

async function status(context: ActionContext): Promise<number> {
  if (context.flags.wait) return await waitFor(context, idOf(context));
  context.write(formatRun(await context.client.processFlows.get(idOf(context))));
  return exitCodes.success.code;
}

async function history({ client, flags, write }: ActionContext): Promise<number> {
  const limit = Number(flags.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CommandError('usage', `--limit: "${flags.limit}" is not a whole number`);
  }
  for (const { id, state, submittedAt, processFlow } of await client.processFlows.list(limit)) {
    write(`${id}  ${state.padEnd(10)} ${submittedAt}  ${processFlow}\n`);
  }
  return exitCodes.success.code;
}

async function cancel(context: ActionContext): Promise<number> {
  await context.client.processFlows.cancel(idOf(context));
  context.write('cancel is asked of the run; processflow status tells when it has happened\n');
  return exitCodes.success.code;
}

const pollMs = 500;

/** Returns when the run has ended; the exit code says how. */
async function waitFor({ client, write }: ActionContext, id: string): Promise<number> {
  for (;;) {
    const run = await client.processFlows.get(id);
    if (run.endedAt !== undefined) {
      write(formatRun(run));
      return run.state === 'succeeded' ? exitCodes.success.code : exitCodes.runFailed.code;
    }
    await pause(pollMs);
  }
}

function formatRun(run: ProcessFlowRunView): string {
  const lines = [
    `run        ${run.id}`,
    `flow       ${run.processFlow}, version ${run.version}`,
    `state      ${run.state}${run.error === undefined ? '' : `: ${run.error}`}`,
    `submitted  ${run.submittedAt} by ${run.submittedBy}`,
    ...(run.endedAt === undefined ? [] : [`ended      ${run.endedAt}`]),
    '',
    ...run.activities.map(({ label, type, state, run: job, returnCode, error }) => {
      const more = [job, returnCode === undefined ? undefined : `return code ${returnCode}`, error].filter(Boolean);
      return `  ${state.padEnd(10)} ${label} (${type})${more.length === 0 ? '' : `: ${more.join(', ')}`}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}
