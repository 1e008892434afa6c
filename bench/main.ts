import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createReport, type Report } from './report.ts';

/** What `bench/<suite>/main.ts` exports. */
interface Suite {
  run(report: Report): Promise<void>;
}

const usage = `npm run bench -- <suite>… [--json]
  suites: ${listSuites().join(', ')}`;

void main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<void> {
  const suites = words.filter((word) => !word.startsWith('--'));
  const unknown = suites.find((suite) => !listSuites().includes(suite));
  if (suites.length === 0 || unknown !== undefined) {
    console.error(unknown === undefined ? usage : `There is no suite ${unknown}.\n${usage}`);
    process.exitCode = 64;
    return;
  }
  const report = createReport(words.includes('--json') ? 'json' : 'text');
  for (const suite of suites) {
    const { run } = (await import(`./${suite}/main.ts`)) as Suite;
    await run(report);
  }
}

/** Folders with a program; accuracy has an entry of its own, `npm run accuracy`. */
function listSuites(): string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'accuracy')
    .map(({ name }) => name)
    .filter((name) => existsSync(join(import.meta.dirname, name, 'main.ts')));
}
