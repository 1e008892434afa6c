import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationKind } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices, Flows } from '../exposed-services.ts';
import type { Right } from '../security/permissions.ts';
import type { Fields, ManagementCall, ManagementDesk } from './desk.ts';

/** A dataflow as a caller wants it stored. */
export interface ExposureChange {
  readonly name: string;
  readonly value: Fields;
  readonly before: Flows;
  /** What it is stored among, where other flows change with it; those before when absent. */
  readonly after?: Flows;
  /** Services that are always there, whose names are taken. */
  readonly services: readonly ServiceDefinition[];
  readonly exposed: ExposedServices | undefined;
}

/** Value of the kind `dataflow`. */
export interface StoredDataflow extends Fields {
  readonly exposedVersion?: number;
  readonly latest?: unknown;
  readonly versions?: readonly { readonly number: number; readonly document: unknown }[];
}

/** What exposing a dataflow takes (platform reference section 2.3). */
export function rightToExpose(entity: string): Right {
  return { entityType: 'Dataflows - Expose', permission: 'execute', entity };
}

/** Throws `NOT_PERMITTED` where a flow becomes another for its callers, which takes a right of its own. */
export function assertMayExpose(
  desk: ManagementDesk,
  call: ManagementCall,
  { kind, name, value }: { readonly kind: ConfigurationKind; readonly name: string; readonly value: Fields },
): void {
  if (kind !== 'dataflow' && kind !== 'process-flow') return;
  if (!changesExposure(desk.snapshot().find<StoredDataflow>(kind, name)?.value, value)) return;
  const right = rightToExpose(name);
  desk.assertPermitted(call, kind === 'dataflow' ? right : { ...right, entityType: 'Process Flows - Expose' });
}

function changesExposure(before: StoredDataflow | undefined, after: StoredDataflow): boolean {
  const [was, is] = [before?.exposedVersion, after.exposedVersion];
  return was !== is || !isDeepStrictEqual(findDocument(before, was), findDocument(after, is));
}

/**
 * Callers get what is exposed: that must run. Throws `INVALID_OBJECT` for a version that is not there or a name that is
 * taken, `INVALID_DATAFLOW` with everything wrong with it, `OBJECT_IN_USE` for what an exposed dataflow needs. A dataflow
 * whose exposure stays passes.
 */
export async function assertExposable({
  name,
  value,
  before,
  after = before,
  services,
  exposed,
}: ExposureChange): Promise<void> {
  const { exposedVersion, versions = [] } = value as StoredDataflow;
  const document = findDocument({ versions }, exposedVersion);
  if (!changesExposure(before.find<StoredDataflow>('dataflow', name)?.value, value)) return;
  if (exposedVersion === undefined) {
    assertUnused(after, name);
    return;
  }
  // A number that no version can have is for the schema to refuse.
  if (!Number.isInteger(exposedVersion) || exposedVersion < 1) return;
  if (document === undefined) throw refuseVersion(name, exposedVersion, versions);
  if (exposed === undefined) return;
  const problems = await exposed.check(name, document, after);
  const [first] = problems;
  if (first !== undefined) {
    const place = [first.stage && `stage ${first.stage}`, first.port && `port ${first.port}`]
      .filter(Boolean)
      .join(', ');
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    const sentence = `${name}: ${place === '' ? '' : `${place}: `}${first.sentence}${more}`;
    throw new SpectrumError('INVALID_DATAFLOW', sentence, { dataflow: name, problems });
  }
  const isService = (document as { readonly type?: unknown }).type === 'service';
  if (!isService || !services.some((service) => service.name === name)) return;
  const sentence = `${name} is the name of a service of this server; save the dataflow under another`;
  throw new SpectrumError('INVALID_OBJECT', sentence, { field: 'name' });
}

/** A subflow stays exposed while an exposed dataflow needs it. */
function assertUnused(flows: Flows, name: string): void {
  const users = flows
    .list<StoredDataflow>('dataflow')
    .filter(({ value }) => usesSubflow(findDocument(value, value.exposedVersion), name))
    .map((user) => user.name);
  if (users.length === 0) return;
  const sentence = `${name} is a stage of ${users.slice(0, 10).join(', ')}; change or unexpose these first`;
  throw new SpectrumError('OBJECT_IN_USE', sentence, { kind: 'dataflow', name, users });
}

function usesSubflow(document: unknown, name: string): boolean {
  const { stages = [] } = (document ?? {}) as { readonly stages?: readonly SubflowStage[] };
  return stages.some(({ type, settings }) => type === 'Subflow' && settings?.dataflow === name);
}

interface SubflowStage {
  readonly type?: string;
  readonly settings?: { readonly dataflow?: unknown };
}

/** Undefined too for versions that are none, which the schema refuses. */
export function findDocument(stored: StoredDataflow | undefined, number: number | undefined): unknown {
  const { versions } = stored ?? {};
  return Array.isArray(versions) ? versions.find((version) => version?.number === number)?.document : undefined;
}

export function refuseVersion(
  name: string,
  given: unknown,
  versions: readonly { readonly number: number }[],
): SpectrumError {
  const known = versions.map(({ number }) => number).join(', ') || 'none yet; save one';
  const sentence = `version: ${name} has no version ${JSON.stringify(given)}; its versions are ${known}`;
  return new SpectrumError('INVALID_OBJECT', sentence, { field: 'version', given });
}
