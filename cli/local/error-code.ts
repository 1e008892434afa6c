/** The `code` of a system error such as `ENOENT`; empty when there is none. */
export function errorCode(error: unknown): string {
  return String((error as { readonly code?: unknown } | null | undefined)?.code ?? '');
}
