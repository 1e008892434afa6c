import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../cli/command-table.ts';
import { formatHelp } from '../../../cli/commands/help.ts';
import { exitCodes } from '../../../contract/exit-codes.ts';

const manual = readFileSync(join(__dirname, '../../../docs/operations-local.md'), 'utf8');

test('the help names every command and flag with its default, within 110 columns', () => {
  const help = formatHelp();
  for (const [name, { summary, flags }] of Object.entries(commands)) {
    expect(help).toMatch(new RegExp(`\\n  ${name} +${summary.slice(0, 10)}`));
    for (const flag of Object.keys(flags)) expect(help).toContain(`--${flag} `);
  }
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
});

test('the manual lists every flag', () => {
  for (const flag of Object.keys(commands.start.flags)) expect(manual).toContain(`\`--${flag}`);
});

test.each(Object.values(exitCodes))('the manual explains exit code $code', ({ code, meaning }) => {
  expect(manual).toContain(`| ${code} | ${meaning} |`);
});

test('no two endings share an exit code', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
