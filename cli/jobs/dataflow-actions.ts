import { basename } from 'node:path';
import type { DataflowProblem, DataflowRemark } from '../../client/index.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';
import {
  type ActionContext,
  type Actions,
  parseJsonText,
  readJsonFile,
  readPairs,
  readTextFile,
  wordAt,
} from './access.ts';

/** Every action of `spectrum dataflow`. */
export const dataflowActions: Actions = {
  list: { usage: '', summary: 'dataflows with their exposed version', run: list },
  stages: {
    usage: '[NAME]',
    summary: 'what can stand in a dataflow, or the settings of one type as JSON Schema',
    run: stages,
  },
  check: { usage: 'FILE', summary: 'everything wrong with a dataflow, as JSON or .df', run: check },
  import: {
    usage: 'FILE [--name NAME] [--comment TEXT] [--expose]',
    summary: 'saves a dataflow, as JSON or .df, as a new version',
    run: importFile,
  },
  export: {
    usage: 'NAME [--version N] [--df]',
    summary: 'the document as JSON or as a .df file, the latest when no version is named',
    run: exportDocument,
  },
  expose: {
    usage: 'NAME [--version N]',
    summary: 'lets callers and jobs use a version, the newest when none is named',
    run: expose,
  },
  unexpose: { usage: 'NAME', summary: 'takes the dataflow from its callers', run: unexpose },
  run: {
    usage: 'NAME --sample FILE [--version N] [--option NAME=VALUE]…',
    summary: 'tries a service on the records of a JSON array, 50 at most; the latest when no version is named',
    run,
  },
};

interface Version {
  readonly number: number;
  readonly comment: string;
  readonly document: unknown;
}

async function list({ client, write }: ActionContext): Promise<number> {
  for await (const { name, exposedVersion, versions } of client.objects('dataflow').list({ sort: 'name' })) {
    const exposed = exposedVersion === undefined ? 'not exposed' : `version ${exposedVersion} exposed`;
    write(`${name}: newest version ${versions?.at(-1)?.number ?? 'none'}, ${exposed}\n`);
  }
  return exitCodes.success.code;
}

async function stages({ client, words, write }: ActionContext): Promise<number> {
  const known = await client.dataflows.stages();
  const [wanted] = words;
  if (wanted === undefined) {
    for (const { name, group, description } of known) write(`${name} (${group}): ${description}\n`);
    return exitCodes.success.code;
  }
  const found = known.find(({ name }) => name === wanted);
  if (found === undefined)
    throw new CommandError(
      'usage',
      `dataflow: there is no stage ${wanted}; use ${known.map(({ name }) => name).join(', ')}`,
    );
  write(`${JSON.stringify(found.settings, undefined, 2)}\n`);
  return exitCodes.success.code;
}

async function check({ client, words, write }: ActionContext): Promise<number> {
  const file = wordAt(words, 0, 'the file of the dataflow');
  const text = readTextFile(file);
  const problems = isXml(text)
    ? await checkFile(client, text, write)
    : await client.runs.check(parseJsonText(file, text, dataflowFile));
  if (problems.length === 0) write('nothing is wrong with it\n');
  tellProblems(problems, write);
  return problems.length === 0 ? exitCodes.success.code : exitCodes.jobRefused.code;
}

const dataflowFile = 'a dataflow as `dataflow export` writes it, or a .df file';

/** Files of this server are JSON, those of others XML. */
function isXml(text: string): boolean {
  return /^\ufeff?\s*</.test(text);
}

async function checkFile(client: ActionContext['client'], text: string, write: ActionContext['write']) {
  const { problems, notUnderstood } = await client.dataflows.checkFile(text);
  tellRemarks(notUnderstood, write);
  return problems;
}

function tellProblems(problems: readonly DataflowProblem[], write: ActionContext['write']): void {
  for (const { stage, port, sentence } of problems) {
    const place = [stage && `stage ${stage}`, port && `port ${port}`].filter(Boolean).join(', ');
    write(place === '' ? `${sentence}\n` : `${place}: ${sentence}\n`);
  }
}

function tellRemarks(remarks: readonly DataflowRemark[], write: ActionContext['write']): void {
  for (const { label, stage, sentence } of remarks) {
    const place = label ?? stage;
    write(`not understood${place === undefined ? '' : `, ${place}`}: ${sentence}\n`);
  }
}

async function importXml({ client, flags, write }: ActionContext, text: string): Promise<number> {
  const { name, comment, expose: wanted } = flags;
  const options = {
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(wanted && { expose: true }),
  };
  const saved = await client.dataflows.importFile(text, options);
  tellRemarks(saved.notUnderstood, write);
  const { version, exposedVersion } = saved;
  write(`${saved.name}: version ${version} is saved${exposedVersion === version ? ' and exposed' : ''}\n`);
  return exitCodes.success.code;
}

async function importFile(context: ActionContext): Promise<number> {
  const { client, words, flags, write } = context;
  const file = wordAt(words, 0, 'the file of the dataflow');
  const text = readTextFile(file);
  if (isXml(text)) return importXml(context, text);
  const document = parseJsonText(file, text, dataflowFile);
  const problems = flags.expose ? await client.runs.check(document) : [];
  tellProblems(problems, write);
  if (problems.length > 0) {
    throw new CommandError('jobRefused', `dataflow: ${file} is not exposed with what is wrong above; correct it first`);
  }
  const name = flags.name ?? basename(file).replace(/\.json$/, '');
  const dataflows = client.objects('dataflow');
  const found = await dataflows.find(name);
  const versions: readonly Version[] = (found?.value.versions as readonly Version[] | undefined) ?? [];
  const number = 1 + Math.max(0, ...versions.map((version) => version.number));
  const version: Version = { number, comment: flags.comment ?? '', document };
  const exposedVersion = flags.expose ? number : found?.value.exposedVersion;
  const value = {
    latest: document,
    versions: [...versions, version],
    ...(exposedVersion !== undefined && { exposedVersion }),
  };
  if (found === undefined) await dataflows.create(name, value);
  else await dataflows.put(name, value, found);
  write(`${name}: version ${number} is saved${flags.expose ? ' and exposed' : ''}\n`);
  return exitCodes.success.code;
}

async function exportDocument({ client, words, flags, write }: ActionContext): Promise<number> {
  const name = wordAt(words, 0, 'the name of the dataflow');
  if (flags.df) {
    write(await client.dataflows.exportFile(name, flags.version));
    return exitCodes.success.code;
  }
  const { value } = await client.objects('dataflow').get(name);
  const document =
    flags.version === undefined ? value.latest : findVersion(name, value.versions, flags.version).document;
  write(`${JSON.stringify(document, undefined, 2)}\n`);
  return exitCodes.success.code;
}

async function expose({ client, words, flags, write }: ActionContext): Promise<number> {
  const name = wordAt(words, 0, 'the name of the dataflow');
  const exposed = await client.dataflows.expose(name, flags.version === undefined ? undefined : Number(flags.version));
  write(`${name}: version ${exposed} is exposed\n`);
  return exitCodes.success.code;
}

async function unexpose({ client, words, write }: ActionContext): Promise<number> {
  const name = wordAt(words, 0, 'the name of the dataflow');
  await client.dataflows.unexpose(name);
  write(`${name}: no version is exposed\n`);
  return exitCodes.success.code;
}

async function run({ client, words, flags, write }: ActionContext): Promise<number> {
  const name = wordAt(words, 0, 'the name of the dataflow');
  if (flags.sample === undefined)
    throw new CommandError('usage', 'dataflow run: --sample FILE is missing; a job is run by job submit');
  const rows = readJsonFile(flags.sample, 'a list of records as JSON');
  const options = readPairs('option', flags.option);
  const { answers, durationMs } = await client.dataflows.sample(name, { rows, options }, flags.version);
  for (const row of answers.flat()) write(`${JSON.stringify(row)}\n`);
  process.stderr.write(`${answers.flat().length} records in ${durationMs} ms\n`);
  return exitCodes.success.code;
}

function findVersion(name: string, versions: unknown, wanted: string | undefined): Version {
  const known = (versions as readonly Version[] | undefined) ?? [];
  const version = wanted === undefined ? known.at(-1) : known.find(({ number }) => String(number) === wanted);
  if (version !== undefined) return version;
  const numbers = known.map(({ number }) => number).join(', ') || 'none yet; import one';
  throw new CommandError('usage', `dataflow: ${name} has no version ${wanted ?? ''}; its versions are ${numbers}`);
}
