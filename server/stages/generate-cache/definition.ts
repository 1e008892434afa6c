import type { StageDefinition } from '../../dataflow/index.ts';
import { list, optional, record, text, type ValueOf } from '../../foundation/fields.ts';
import { cacheMember } from '../caches.ts';

const settings = record('What is kept and where', {
  cache: cacheMember,
  fields: optional(
    list('Fields that are kept; every field when absent', text('Field', { minimum: 1, maximum: 200 }), 1_000),
  ),
});

export type GenerateCacheSettings = ValueOf<typeof settings>;

export const generateCacheDefinition: StageDefinition<GenerateCacheSettings> = {
  name: 'GenerateCache',
  label: 'Generate Cache',
  group: 'sinks',
  description:
    'Makes a global cache of records, which Query Cache stages of every flow can use once the run has succeeded',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [] },
  settings,
};
