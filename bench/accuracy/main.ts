import { parseArgs } from 'node:util';
import { measureStarter } from './accuracy-starter.ts';
import { measureGeocoding } from './geocoding.ts';
import { measureParsing } from './parsing.ts';
import type { AccuracyReport } from './report.ts';
import { measureValidation } from './validation.ts';

/** Suites by name: `npm run accuracy -- <suite>… [--json] [--failures]`. */
const suites: Readonly<Record<string, () => Promise<AccuracyReport>>> = {
  'accuracy-starter': measureStarter,
  geocoding: measureGeocoding,
  parsing: measureParsing,
  validation: measureValidation,
};

async function main(): Promise<void> {
  const options = { json: { type: 'boolean' }, failures: { type: 'boolean' } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const names = positionals.length > 0 ? positionals : Object.keys(suites);
  for (const name of names) {
    const measure = suites[name];
    if (!measure) throw new Error(`${name} is no suite; use ${Object.keys(suites).join(', ')}`);
    print(await measure(), values);
  }
}

function print(
  report: AccuracyReport,
  { json = false, failures = false }: { json?: boolean; failures?: boolean },
): void {
  for (const { measure, value, unit, baseline } of report.measures) {
    if (json) console.log(JSON.stringify({ suite: report.suite, measure, value, unit, baseline }));
    else console.log(`${measure.padEnd(28)} ${String(Number(value.toFixed(2))).padStart(8)} ${unit}`);
  }
  if (!json) for (const note of report.notes) console.log(note);
  if (failures) for (const failure of report.failures) console.error(failure);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
