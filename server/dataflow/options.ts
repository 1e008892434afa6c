import type { Field } from '../foundation/schema.ts';
import type { StageDefinition } from './definition.ts';
import type { DataflowDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** Dataflow options by name, as a caller gives them. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** The dataflow with its options written into the settings they are mapped to; texts become what a setting takes. */
export function applyOptions(
  dataflow: DataflowDocument,
  given: OptionValues,
  definitions: ReadonlyMap<string, StageDefinition>,
): { readonly document: DataflowDocument; readonly problems: readonly Problem[] } {
  const problems = Object.keys(given)
    .filter((name) => !dataflow.options.some((option) => option.name === name))
    .map((name) => refuseName(name, dataflow));
  const settings = new Map(dataflow.stages.map((stage) => [stage.id, stage.settings]));
  const typeOf = new Map(dataflow.stages.map((stage) => [stage.id, stage.type]));
  for (const option of dataflow.options) {
    const value = given[option.name] ?? option.default;
    if (value === undefined) continue;
    if (option.allowed && !option.allowed.includes(String(value))) {
      const allowed = option.allowed.join(', ');
      problems.push({
        setting: option.name,
        sentence: `option ${option.name}: ${JSON.stringify(value)} is not allowed; use ${allowed}`,
      });
      continue;
    }
    for (const { stage, setting } of option.mappings) {
      if (!settings.has(stage)) {
        problems.push({
          stage,
          setting,
          sentence: `option ${option.name} sets this stage, but there is none; map it to another`,
        });
        continue;
      }
      const path = setting.split('.');
      const field = findField(definitions.get(typeOf.get(stage) ?? '')?.settings, path);
      settings.set(stage, withSetting(settings.get(stage), path, toSetting(field, value)));
    }
  }
  const stages = dataflow.stages.map((stage) => ({ ...stage, settings: settings.get(stage.id) }));
  return { document: { ...dataflow, stages }, problems };
}

/** The field at a path of settings; undefined where they have none. */
function findField(field: Field | undefined, [name, ...rest]: readonly string[]): Field | undefined {
  if (name === undefined || field === undefined) return field;
  if (field.type === 'record') return findField(field.fields[name]?.field, rest);
  return field.type === 'map' || field.type === 'list' ? findField(field.of, rest) : undefined;
}

/** Callers write every option as text. What is no text of the setting's type stays, and is refused with the settings. */
function toSetting(field: Field | undefined, value: unknown): unknown {
  if (typeof value !== 'string' || field === undefined || field.type === 'text' || field.type === 'choice')
    return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function refuseName(name: string, { options }: DataflowDocument): Problem {
  const known = options.map((option) => option.name);
  const advice = known.length === 0 ? 'the dataflow has no options' : `its options are ${known.join(', ')}`;
  return { setting: name, sentence: `option ${name} does not exist; ${advice}` };
}

function withSetting(settings: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(settings) && /^\d+$/.test(name)) {
    return settings.map((entry, index) => {
      if (index !== Number(name)) return entry;
      return rest.length === 0 ? value : withSetting(entry, rest, value);
    });
  }
  const old = typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {};
  const next = rest.length === 0 ? value : withSetting(old[name], rest, value);
  return Object.fromEntries([...Object.entries(old).filter(([key]) => key !== name), [name, next]]);
}
