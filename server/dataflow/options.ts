import type { DataflowDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** Dataflow options by name, as a caller gives them. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** The dataflow with its options written into the settings they are mapped to. */
export function applyOptions(
  dataflow: DataflowDocument,
  given: OptionValues,
): { readonly document: DataflowDocument; readonly problems: readonly Problem[] } {
  const problems = Object.keys(given)
    .filter((name) => !dataflow.options.some((option) => option.name === name))
    .map((name) => refuseName(name, dataflow));
  const settings = new Map(dataflow.stages.map((stage) => [stage.id, stage.settings]));
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
      } else settings.set(stage, withSetting(settings.get(stage), setting.split('.'), value));
    }
  }
  const stages = dataflow.stages.map((stage) => ({ ...stage, settings: settings.get(stage.id) }));
  return { document: { ...dataflow, stages }, problems };
}

function refuseName(name: string, { options }: DataflowDocument): Problem {
  const known = options.map((option) => option.name);
  const advice = known.length === 0 ? 'the dataflow has no options' : `its options are ${known.join(', ')}`;
  return { setting: name, sentence: `option ${name} does not exist; ${advice}` };
}

function withSetting(settings: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const old = typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {};
  const next = rest.length === 0 ? value : withSetting(old[name], rest, value);
  return Object.fromEntries([...Object.entries(old).filter(([key]) => key !== name), [name, next]]);
}
