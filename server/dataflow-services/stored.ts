import type { ConfigurationSnapshot } from '../configuration/index.ts';
import type { FindSubflow } from '../dataflow/index.ts';

/** Value of the kind `dataflow`. */
export interface StoredDataflow {
  readonly exposedVersion?: number;
  readonly versions: readonly { readonly number: number; readonly document: unknown }[];
}

/** The document that callers get; undefined when none is exposed. */
export function exposedDocument(stored: StoredDataflow): { readonly type?: unknown } | undefined {
  const { exposedVersion, versions } = stored;
  if (exposedVersion === undefined) return undefined;
  const document = versions.find(({ number }) => number === exposedVersion)?.document;
  return typeof document === 'object' && document !== null ? document : undefined;
}

/** The subflows of a snapshot of the configuration: those that are exposed. */
export function subflowsOf(snapshot: Pick<ConfigurationSnapshot, 'find' | 'list'>): FindSubflow {
  return {
    find(name) {
      const stored = snapshot.find<StoredDataflow>('dataflow', name)?.value;
      return stored && exposedDocument(stored);
    },
    names: () => snapshot.list('dataflow').map(({ name }) => name),
  };
}
