import { type DatabaseAccess, fieldTypes, type Problem, type StageContext } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { choice, optional, preset, record, required, text } from '../foundation/fields.ts';

export const connectionMember = required(text('Connection of the configuration', { minimum: 1, maximum: 200 }));

/** What a query gives, for the stages that read databases. */
export const columnField = record('A column of the result', {
  name: required(text('Name in the dataflow', { minimum: 1, maximum: 200 })),
  column: optional(text('Name of the column; the same when absent', { minimum: 1, maximum: 200 })),
  type: preset(
    choice(
      'Type of the field',
      fieldTypes.filter((type) => type !== 'list'),
    ),
    'string',
  ),
});

/** Text as it is written in settings: names in braces behind a dollar sign stand for values. */
interface PlacedText {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

export function parsePlaces(text: string): PlacedText {
  // Splitting by a group gives texts and names in turn.
  const parts = text.split(/\$\{([^{}]+)\}/);
  return {
    texts: parts.filter((_part, index) => index % 2 === 0),
    names: parts.filter((_part, index) => index % 2 === 1).map((name) => name.trim()),
  };
}

/** The complaints about fields of a name that is there twice, or about none at all. */
export function checkNames(setting: string, names: readonly string[]): Problem[] {
  if (names.length === 0) return [{ setting, sentence: `${setting}: there is none; name at least one` }];
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return [...new Set(twice)].map((name) => ({
    setting,
    field: name,
    sentence: `${setting}: ${name} is there twice; rename one`,
  }));
}

/** Throws `CONNECTION_FAILED` where stages have no databases. */
export function databasesOf({ resources, stage }: StageContext): DatabaseAccess {
  if (resources.databases !== undefined) return resources.databases;
  throw new SpectrumError(
    'CONNECTION_FAILED',
    `stage ${stage}: connections to databases are not available here; run it as a job`,
  );
}
