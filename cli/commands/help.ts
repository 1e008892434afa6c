import { commands, type FlagDefinition } from '../command-table.ts';

/** The help text: every command and flag with its default, from the one table. */
export function formatHelp(): string {
  const lines = ['usage: spectrum <command> [flags]', ''];
  for (const [name, { summary, flags }] of Object.entries(commands)) {
    lines.push(`  ${name.padEnd(10)}${summary}`);
    for (const [flag, definition] of Object.entries(flags)) lines.push(formatFlag(flag, definition));
  }
  lines.push('', 'Exit codes and the data folder: docs/operations-local.md', '');
  return lines.join('\n');
}

function formatFlag(flag: string, { placeholder, summary, fallback }: FlagDefinition): string {
  return `    ${`--${flag} ${placeholder}`.padEnd(18)}${summary} (default ${String(fallback)})`;
}
