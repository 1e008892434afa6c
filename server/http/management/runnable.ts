import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationKind } from '../../configuration/index.ts';
import type { Right } from '../security/permissions.ts';
import type { Fields, ManagementCall, ManagementDesk } from './desk.ts';
import type { StoredDataflow } from './exposure.ts';

interface StoredObject {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly value: Fields;
}

/**
 * Throws `NOT_PERMITTED` for a schedule or a process flow that its author could not run themselves: the cluster runs what
 * it names for everybody, and asks nobody then.
 */
export function assertMayRun(desk: ManagementDesk, call: ManagementCall, { kind, name, value }: StoredObject): void {
  const before = desk.snapshot().find<Fields>(kind, name)?.value;
  if (isDeepStrictEqual(before, value)) return;
  for (const right of rightsToRun[kind]?.(value, before) ?? []) desk.assertPermitted(call, right);
}

/** What running a stored object needs, by kind; a part that was there before was its author's. */
const rightsToRun: Partial<Record<ConfigurationKind, (value: Fields, before: Fields | undefined) => readonly Right[]>> =
  {
    schedule: ({ enabled, ...value }, before) => {
      const { enabled: _, ...known } = before ?? {};
      // Whoever may change a schedule may stop it.
      if (enabled === false && isDeepStrictEqual(known, value)) return [];
      return [{ entityType: value.flowKind === 'process-flow' ? 'Process Flows' : 'Jobs', ...execute(value.flow) }];
    },
    'process-flow': (value, before) => {
      const known = documentsOf(before);
      const documents = documentsOf(value).filter((one) => !known.some((other) => isDeepStrictEqual(one, other)));
      const dataflows = new Set(documents.flatMap(listDataflows));
      return [...dataflows].map((dataflow) => ({ entityType: 'Jobs', ...execute(dataflow) }));
    },
  };

function execute(entity: unknown): Pick<Right, 'permission' | 'entity'> {
  return { permission: 'execute', entity: String(entity) };
}

/** Every document of a flow with versions; the schema refuses what is none. */
function documentsOf({ latest, versions }: StoredDataflow = {}): readonly unknown[] {
  return [latest, ...(Array.isArray(versions) ? versions.map((version) => version?.document) : [])];
}

function listDataflows(document: unknown): readonly string[] {
  const { activities } = (document ?? {}) as { readonly activities?: unknown };
  if (!Array.isArray(activities)) return [];
  return activities
    .map((activity: { readonly type?: unknown; readonly dataflow?: unknown } | null) => activity)
    .filter((activity) => activity?.type === 'job' && activity.dataflow !== undefined)
    .map((activity) => String(activity?.dataflow));
}
