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
