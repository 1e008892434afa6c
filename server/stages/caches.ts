import { required, text } from '../foundation/fields.ts';
import type { FileLayout } from '../record-formats/index.ts';

/** Name of a cache; every flow and node knows it by this name. */
export const cacheName = text('Name of the cache', {
  minimum: 1,
  maximum: 100,
  pattern: /^[A-Za-z0-9][\w. -]*$/,
  allowed: 'letters, digits, spaces, dots, underscores and hyphens, beginning with a letter or digit',
});

export const cacheMember = required(cacheName);

/** The file of a cache, below the folder that all nodes share: it is there whole or not at all, like every output. */
export function cachePath(name: string): string {
  return `.caches/${name}.jsonl.gz`;
}

/** How a cache stands in its file. */
export const cacheFormat = {
  recordType: 'json lines',
  encoding: 'UTF-8',
  separator: ',',
  qualifier: '"',
  recordSeparator: 'LF',
  hasHeader: false,
  recordElement: 'record',
  rootElement: 'records',
  namespaces: {},
} as const satisfies Omit<FileLayout, 'fields' | 'recordLength'>;
