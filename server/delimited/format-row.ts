/** One record of delimited text (RFC 4180) with its line end; values are quoted where they must be. */
export function formatRow(values: readonly string[], delimiter: string): string {
  return `${values.map((value) => formatValue(value, delimiter)).join(delimiter)}\n`;
}

function formatValue(value: string, delimiter: string): string {
  const isPlain = !(value.includes('"') || value.includes(delimiter) || value.includes('\n') || value.includes('\r'));
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}
