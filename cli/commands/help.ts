import { commands, type FlagDefinition } from '../command-table.ts';

/** The help text: every command and flag with its default, from the one table. */
export function formatHelp(): string {
  const lines = ['usage: spectrum <command> [flags]', ''];
  for (const [name, { summary, flags }] of Object.entries(commands)) {
    lines.push(`  ${name.padEnd(nameColumn)}${summary}`);
    for (const [flag, definition] of Object.entries(flags)) lines.push(formatFlag(flag, definition));
  }
  lines.push('', 'Exit codes and the data folder: docs/operations-local.md', '');
  return lines.join('\n');
}

const nameColumn = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
const flagColumn = 18;

/** A flag too long for its column has its words on the next line. */
function formatFlag(flag: string, { placeholder, summary, fallback }: FlagDefinition): string {
  const name = `--${flag} ${placeholder}`;
  const gap = name.length < flagColumn ? ' '.repeat(flagColumn - name.length) : `\n${' '.repeat(flagColumn + 4)}`;
  return `    ${name}${gap}${summary} (default ${String(fallback) || 'none'})`;
}
