import { type ImportStepView, managementPaths, passphraseHeader } from '../../../contract/management.ts';
import {
  afterImport,
  type ConfigurationFile,
  exportConfiguration,
  type FileObject,
  type ImportStep,
  openSecrets,
  parseConfigurationFile,
  planImport,
  sealSecrets,
  toWrite,
  transferredKinds,
} from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { isPlainObject } from '../../foundation/schema.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type DeskProps, type Fields, type ManagementCall, ManagementDesk } from './desk.ts';
import { assertExposable, assertMayExpose } from './exposure.ts';
import { acceptValue, rightTo } from './resources.ts';
import { streamItems } from './rows.ts';
import { assertMayRun } from './runnable.ts';

export interface TransferProps extends DeskProps {
  readonly services: readonly ServiceDefinition[];
  readonly exposed?: ExposedServices | undefined;
}

/** A configuration of 10,000 objects takes some 10 MB; a request with rows is limited much lower. */
const longestFileBytes = 256 * 2 ** 20;
const permissionOf = { create: 'create', change: 'modify', remove: 'delete' } as const;
/** Hidden fields leave the server only for whoever may do everything, and only sealed. */
const everything: Right = { entityType: '*', permission: 'modify' };

/** An import gives nobody what its author does not have. */
const own = 'own-permissions';

/** The URLs of a whole configuration as one file. */
export function transferRoutes(props: TransferProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  return [
    { method: 'GET', path: managementPaths.configuration, handler: desk.open((call) => exportFile(desk, call)) },
    {
      method: 'POST',
      path: managementPaths.configurationImport,
      handler: desk.open((call) => importFile(desk, props, call)),
    },
  ];
}

async function exportFile(desk: ManagementDesk, call: ManagementCall): Promise<void> {
  for (const kind of transferredKinds) desk.assertPermitted(call, rightTo('view', kind));
  const passphrase = passphraseOf(call);
  const snapshot = desk.snapshot();
  const { objects, ...head } = exportConfiguration(snapshot, { hidden: 'left-out' });
  const sealed = passphrase === undefined ? undefined : await seal(desk, call, passphrase);
  call.reply.header('content-disposition', `attachment; filename="configuration-${head.epoch}.${head.revision}.json"`);
  desk.stream(call.reply, 'application/json;charset=utf-8', fileText({ ...head, ...(sealed && { sealed }) }, objects));
}

function seal(desk: ManagementDesk, call: ManagementCall, passphrase: string) {
  desk.assertPermitted(call, everything);
  return sealSecrets(exportConfiguration(desk.snapshot(), { hidden: 'included' }).objects, passphrase);
}

/** One object a line, so that files are compared line by line. */
async function* fileText(head: object, objects: readonly FileObject[]): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"objects":[\n`;
  for (const [index, object] of objects.entries()) {
    yield `${JSON.stringify(object)}${index === objects.length - 1 ? '' : ','}\n`;
  }
  yield ']}\n';
}

async function importFile(desk: ManagementDesk, props: TransferProps, call: ManagementCall): Promise<void> {
  const { caller, query, request, reply } = call;
  const dryRun = readFlag(query, 'dryRun', ['true', 'false']) === 'true';
  const others = readFlag(query, 'others', ['keep', 'remove']) === 'remove' ? 'remove' : 'keep';
  const reason = query.get('reason') ?? undefined;
  const file = await unsealed(parseConfigurationFile(await desk.readText(request.raw, longestFileBytes)), call);
  const steps = planImport(desk.snapshot(), file, others);
  for (const { operation, kind, name, value } of steps) {
    desk.assertPermitted(call, rightTo(permissionOf[operation], kind, name));
    // What is no object at all is for the rehearsal to refuse.
    if (operation === 'remove' || !isPlainObject(value)) continue;
    assertMayExpose(desk, call, { kind, name, value });
    assertMayRun(desk, call, { kind, name, value });
  }
  const problems = await findProblems(desk, props, { steps, by: caller.name, reason });
  if (!dryRun && problems.size > 0) throw refuseImport(steps, problems);
  reply.header('spectrum-dry-run', String(dryRun));
  const shown = dryRun ? showSteps(steps, problems) : carryOut(desk, { steps, by: caller.name, reason });
  streamItems(desk, call, shown);
}

async function unsealed(file: ConfigurationFile, call: ManagementCall): Promise<ConfigurationFile> {
  const passphrase = passphraseOf(call);
  if (passphrase === undefined || file.sealed === undefined) return file;
  return { ...file, objects: await openSecrets(file.objects, file.sealed, passphrase) };
}

interface Plan {
  readonly steps: readonly ImportStep[];
  readonly by: string;
  readonly reason: string | undefined;
}

/** What would be refused, by step, before anything is written. */
async function findProblems(
  desk: ManagementDesk,
  { services, exposed }: TransferProps,
  { steps, by, reason }: Plan,
): Promise<ReadonlyMap<number, string>> {
  const before = desk.snapshot();
  const refusals = await desk.configuration.rehearse(
    steps.map((step) => ({ ...toWrite(step, by, reason), grants: own })),
  );
  const problems = new Map([...refusals].map(([index, { message }]) => [index, message] as const));
  const after = afterImport(
    before,
    steps.filter((_, index) => !problems.has(index)),
  );
  for (const [index, { kind, name, value, operation }] of steps.entries()) {
    if (problems.has(index) || operation === 'remove' || kind === 'user') continue;
    const sent = { kind, name, value: value as Fields, isNew: operation === 'create' };
    try {
      await acceptValue(sent, { snapshot: before, services });
      if (kind === 'dataflow') await assertExposable({ ...sent, before, after, services, exposed });
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      problems.set(index, error.message);
    }
  }
  return problems;
}

function refuseImport(steps: readonly ImportStep[], problems: ReadonlyMap<number, string>): SpectrumError {
  const [[, first]] = [...problems] as [[number, string]];
  const more = problems.size === 1 ? '' : `, and ${problems.size - 1} more`;
  const list = [...problems].slice(0, 100).map(([index, problem]) => ({ ...nameOf(steps[index]), problem }));
  return new SpectrumError('INVALID_OBJECT', `Nothing was imported: ${first}${more}`, { problems: list });
}

function nameOf(step: ImportStep | undefined): { readonly kind?: string; readonly name?: string } {
  return step === undefined ? {} : { kind: step.kind, name: step.name };
}

function* showSteps(steps: readonly ImportStep[], problems: ReadonlyMap<number, string>): Generator<ImportStepView> {
  for (const [index, step] of steps.entries()) {
    const problem = problems.get(index);
    yield { ...showStep(step), ...(problem !== undefined && { problem }) };
  }
}

/** Tells each step when it is committed; one that fails is the last, and whoever sends the file again goes on there. */
async function* carryOut(desk: ManagementDesk, { steps, by, reason }: Plan): AsyncGenerator<ImportStepView> {
  for (const step of steps) {
    try {
      const { epoch, revision } = await desk.configuration.commit({ ...toWrite(step, by, reason), grants: own });
      yield { ...showStep(step), revision: `${epoch}.${revision}` };
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      yield { ...showStep(step), problem: error.message };
      return;
    }
  }
}

function showStep({ operation, kind, name, differences, needsPassword }: ImportStep): ImportStepView {
  return { operation, kind, name, changes: differences, ...(needsPassword && { needsPassword }) };
}

function passphraseOf({ request }: ManagementCall): string | undefined {
  const given = request.headers[passphraseHeader];
  return given === undefined ? undefined : String(given);
}

function readFlag(query: URLSearchParams, parameter: string, allowed: readonly string[]): string | undefined {
  const text = query.get(parameter);
  if (text === null || allowed.includes(text)) return text ?? undefined;
  const sentence = `${parameter}: ${JSON.stringify(text.slice(0, 40))} is not allowed; use ${allowed.join(' or ')}`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { field: parameter });
}
