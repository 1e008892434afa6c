import type { ObjectValue } from '../../contract/kinds.ts';
import { type Field, isPlainObject } from '../foundation/schema.ts';
import type { Fold } from './fold.ts';
import { isConfigurationKind, kinds } from './kinds.ts';
import type { ConfigurationKind, ConfigurationObject } from './model.ts';

/** A place in an object that names another object. */
export interface Reference {
  readonly path: string;
  readonly kind: ConfigurationKind;
  readonly name: string;
}

/** Every other object that a value names. */
export function referencesOf(kind: ConfigurationKind, value: unknown): Reference[] {
  return collect(kinds[kind].schema, value, '');
}

/** The objects that name the given one, as `kind/name`, in order. */
export function usersOf(fold: Fold, kind: ConfigurationKind, name: string): string[] {
  const bySchema = fold
    .kinds()
    .filter(isConfigurationKind)
    .filter((other) => refersTo(kinds[other].schema, kind))
    .flatMap((other) =>
      fold
        .list(other)
        .filter(({ value }) => referencesOf(other, value).some((found) => found.kind === kind && found.name === name))
        .map((user) => `${user.kind}/${user.name}`),
    );
  return [
    ...bySchema,
    ...flowsWith(fold, kind, name),
    ...exposedFlowsOf(fold, kind, name),
    ...schedulesOf(fold, kind, name),
  ];
}

/** The setting of a stage that names an object of the kind. */
const stageSettings: Readonly<Partial<Record<ConfigurationKind, string>>> = {
  connection: 'connection',
  'file-server': 'server',
};

/** Flows of which the latest or the exposed document has a stage or an activity that names it; documents have no schema here. */
function flowsWith(fold: Fold, kind: ConfigurationKind, name: string): string[] {
  const setting = stageSettings[kind];
  if (setting === undefined) return [];
  const isNamed = (document: unknown) => {
    if (!isPlainObject(document)) return false;
    const { stages, activities } = document;
    const ofStages = Array.isArray(stages) ? stages.map((stage) => stage?.settings) : [];
    const parts = [...ofStages, ...(Array.isArray(activities) ? activities : [])];
    return parts.some((part) => isPlainObject(part) && part[setting] === name);
  };
  return [...fold.list<ObjectValue<'dataflow'>>('dataflow'), ...fold.list<ObjectValue<'process-flow'>>('process-flow')]
    .filter(({ value: { latest, versions, exposedVersion } }) => {
      const exposed = versions?.find(({ number }) => number === exposedVersion)?.document;
      return isNamed(latest) || isNamed(exposed);
    })
    .map((flow) => `${flow.kind}/${flow.name}`);
}

/** Exposed flows that run the dataflow: callers have them. */
function exposedFlowsOf(fold: Fold, kind: ConfigurationKind, name: string): string[] {
  if (kind !== 'dataflow') return [];
  return [...fold.list('dataflow'), ...fold.list('process-flow')]
    .filter((flow) => flow.kind !== kind || flow.name !== name)
    .filter((flow) => dataflowsIn(flow).includes(name))
    .map((flow) => `${flow.kind}/${flow.name}`);
}

/** The dataflows that the exposed version of a flow runs, as subflows or as jobs; none of any other object. */
export function dataflowsIn({ kind, value }: Pick<ConfigurationObject, 'kind' | 'value'>): unknown[] {
  if (kind !== 'dataflow' && kind !== 'process-flow') return [];
  // One of a file is not checked yet.
  if (!isPlainObject(value) || !Array.isArray(value.versions)) return [];
  const { versions, exposedVersion } = value;
  const document = versions.find((version) => version?.number === exposedVersion)?.document;
  const parts = isPlainObject(document) ? document[kind === 'dataflow' ? 'stages' : 'activities'] : undefined;
  if (!Array.isArray(parts)) return [];
  if (kind === 'process-flow') return parts.map((activity) => activity?.dataflow);
  return parts.filter((stage) => stage?.type === 'Subflow').map(({ settings }) => settings?.dataflow);
}

function schedulesOf(fold: Fold, kind: ConfigurationKind, name: string): string[] {
  return fold
    .list<ObjectValue<'schedule'>>('schedule')
    .filter(({ value }) => value.flowKind === kind && value.flow === name)
    .map((schedule) => `schedule/${schedule.name}`);
}

function refersTo(field: Field, kind: ConfigurationKind): boolean {
  switch (field.type) {
    case 'text':
      return field.refersTo === kind;
    case 'list':
    case 'map':
      return refersTo(field.of, kind);
    case 'record':
      return Object.values(field.fields).some((member) => refersTo(member.field, kind));
    default:
      return false;
  }
}

function collect(field: Field, value: unknown, path: string): Reference[] {
  switch (field.type) {
    case 'text':
      return field.refersTo && isConfigurationKind(field.refersTo) && typeof value === 'string'
        ? [{ path, kind: field.refersTo, name: value }]
        : [];
    case 'list':
      return Array.isArray(value) ? value.flatMap((part, index) => collect(field.of, part, `${path}[${index}]`)) : [];
    case 'map':
      return isPlainObject(value)
        ? Object.entries(value).flatMap(([name, part]) => collect(field.of, part, `${path}.${name}`))
        : [];
    case 'record':
      return isPlainObject(value)
        ? Object.entries(field.fields).flatMap(([name, member]) =>
            collect(member.field, value[name], path ? `${path}.${name}` : name),
          )
        : [];
    default:
      return [];
  }
}
