import type { StageDefinition } from '../../dataflow/index.ts';
import {
  choice,
  integer,
  list,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../../foundation/fields.ts';
import { cacheName } from '../caches.ts';
import { columnField } from '../databases.ts';

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const key = record('A field of the cache and the one of the record that it equals', {
  field: required(name('Field of the cache')),
  from: optional(name('Field of the record; the same name when absent')),
});

const settings = record('What is looked up', {
  type: preset(
    choice('global: a cache that Generate Cache has made; local: a table, read when the run starts', [
      'global',
      'local',
    ]),
    'global',
  ),
  cache: optional(cacheName),
  connection: optional(name('local: connection of the configuration')),
  table: optional(text('local: table or view', { minimum: 1, maximum: 400 })),
  keys: required(list('Lookup keys, all of which must be equal', key, 50)),
  fields: required(list('Fields of the cache that are added to the record', columnField, 1_000)),
  noMatch: preset(
    choice('What becomes of a record without a match: give it with nulls, or leave it out', ['give', 'leave out']),
    'give',
  ),
  defaultValue: optional(text('Value of added text fields where there is no match, instead of null')),
  memoryMiB: preset(integer('Memory that the cache may take in MiB', 1, 8_192), 256),
});

export type QueryCacheSettings = ValueOf<typeof settings>;

export const queryCacheDefinition: StageDefinition<QueryCacheSettings> = {
  name: 'QueryCache',
  label: 'Query Cache',
  group: 'data',
  description: 'Adds to each record what a cache in memory has for its key',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records with what was found' }] },
  settings,
};
