import { SpectrumError } from '../../foundation/errors.ts';
import { pathOf } from '../refusal.ts';
import { assertText, type ServiceCall } from './call.ts';

/** Puts the values that stand in the path of a request into its call. */
export type PathReader = (call: ServiceCall, url: string) => ServiceCall;

const variable = /\$\{(Data|Option)\.([^}]+)\}/g;

/** Matches the paths that a template such as `/rest/X/${Data.City}/results.json` stands for; a value is one part. */
export function toPathPattern(template: string): RegExp {
  const literals = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('([^/]+)')}$`);
}

/** Reads the values of a template's variables. Throws `INVALID_REQUEST` for one that is no percent-encoded UTF-8. */
export function createPathReader(template: string): PathReader {
  const variables = [...template.matchAll(variable)].map(([, kind, name = '']) => ({ kind, name }));
  if (variables.length === 0) return (call) => call;
  const pattern = toPathPattern(template);
  return (call, url) => {
    const values = pattern.exec(pathOf(url))?.slice(1) ?? [];
    const given = variables.map(({ kind, name }, index) => ({ kind, name, value: decode(name, values[index] ?? '') }));
    const pick = (wanted: string) =>
      Object.fromEntries(given.filter(({ kind }) => kind === wanted).map(({ name, value }) => [name, value]));
    const fields = pick('Data');
    return {
      ...call,
      rows: call.rows.map((row) => ({ ...row, ...fields })),
      options: { ...call.options, ...pick('Option') },
    };
  };
}

function decode(name: string, part: string): string {
  try {
    const text = decodeURIComponent(part);
    assertText(name, text);
    return text;
  } catch (error) {
    if (error instanceof SpectrumError) throw error;
    const sentence = `${name}: ${JSON.stringify(part.slice(0, 64))} in the path is not percent-encoded UTF-8`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { field: name });
  }
}
