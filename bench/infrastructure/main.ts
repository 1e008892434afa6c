import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costsOfAssembly } from '../../scripts/cost-model.ts';
import { configs } from '../../test/lib/support/configs.ts';
import { plantDefects } from '../../test/lib/support/plant.ts';
import { experimentDefects, ownDefects } from '../../test/lib/support/planted-defects.ts';
import { median, type Report } from '../report.ts';
import { measureClocks } from './clocks.ts';
import { type Synthesis, synthesizeConfig } from './synthesis.ts';

const suite = 'infrastructure';

/** What the templates cost, weigh and let through, and how well clocks are judged. */
export async function run(report: Report): Promise<void> {
  measureDefects(report);
  const syntheses = Object.keys(configs).map((config) => ({ config, synthesis: synthesizeConfig(config) }));
  measureSyntheses(report, syntheses);
  measureFunctions(report, syntheses[0]?.synthesis);
  for (const { synthesis } of syntheses) rmSync(synthesis.folder, { recursive: true, force: true });
  const { errorsMs, outsideBound } = await measureClocks();
  report.add({ suite, measure: 'clock-estimate-median-error-ms', value: median(errorsMs), unit: 'ms' });
  report.add({ suite, measure: 'clock-estimate-outside-bound', value: outsideBound });
  measureImage(report);
}

function measureDefects(report: Report): void {
  const results = plantDefects([...experimentDefects, ...ownDefects], configs);
  for (const { name, caughtBy } of results) report.note(`${name.padEnd(56)} ${caughtBy.join(' ') || 'NOT CAUGHT'}`);
  const caught = results.filter(({ caughtBy }) => caughtBy.length > 0).length;
  report.add({ suite, measure: 'planted-defects', value: results.length });
  report.add({ suite, measure: 'planted-defects-caught-percent', value: (100 * caught) / results.length, unit: '%' });
}

function measureSyntheses(
  report: Report,
  syntheses: readonly { readonly config: string; readonly synthesis: Synthesis }[],
): void {
  const sum = (pick: (synthesis: Synthesis) => number) =>
    syntheses.reduce((total, { synthesis }) => total + pick(synthesis), 0);
  report.add({ suite, measure: 'nag-open-findings', value: sum(({ openFindings }) => openFindings) });
  report.add({ suite, measure: 'synth-warnings', value: sum(({ warnings }) => warnings) });
  for (const { config, synthesis } of syntheses) {
    report.add({ suite, measure: `synth-seconds-${config}`, value: synthesis.seconds, unit: 's' });
    const monthly = costsOfAssembly(synthesis.folder).reduce((total, cost) => total + cost, 0);
    report.add({ suite, measure: `monthly-cost-${config}`, value: Math.round(monthly), unit: 'USD' });
    if (synthesis.peakMiB)
      report.add({ suite, measure: `synth-peak-mib-${config}`, value: synthesis.peakMiB, unit: 'MiB' });
    for (const [stack, value] of Object.entries(synthesis.resources)) {
      report.add({ suite, measure: `resources-${config}-${stack}`, value });
    }
  }
}

/** What Lambda has to load before a first call, and how long that takes here: a fresh process loads the bundle. */
function measureFunctions(report: Report, synthesis: Synthesis | undefined): void {
  if (!synthesis) return;
  const bundles = readdirSync(synthesis.folder)
    .map((name) => join(synthesis.folder, name, 'index.js'))
    .filter((path) => existsSync(path));
  const sizes = bundles.map((path) => statSync(path).size / 1024);
  report.add({ suite, measure: 'lambda-bundle-largest-kib', value: Math.max(...sizes), unit: 'KiB' });
  for (const path of bundles) {
    const name = nameOfBundle(readFileSync(path, 'utf8'));
    report.add({ suite, measure: `lambda-bundle-kib-${name}`, value: statSync(path).size / 1024, unit: 'KiB' });
    report.add({ suite, measure: `lambda-cold-start-ms-${name}`, value: median(coldStarts(path)), unit: 'ms' });
  }
}

/** The settings that only one of the functions reads tell which it is. */
function nameOfBundle(text: string): string {
  if (text.includes('/rest/ValidateAddress/')) return 'canary';
  return text.includes('StopTask') && text.includes('DescribeTargetHealth') ? 'node-health' : 'time-sync';
}

/** Milliseconds from the start of a process to its handler being there, five times. */
function coldStarts(path: string): number[] {
  const program = 'require(process.argv[1]); process.stdout.write(String(performance.now()))';
  const given = { WATCH_CLUSTER: 'x', WATCH_ECS_CLUSTER: 'x', WATCH_SERVICES: '[]', WATCH_HEALTH_PORT: '1' };
  const more = { WATCH_RUNTIME_TABLE: 'x', WATCH_CLOCK_SKEW_MS: '1', WATCH_URL: 'x', WATCH_CREDENTIALS_SECRET: 'x' };
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', AWS_REGION: 'us-east-1', ...given, ...more };
  return Array.from({ length: 5 }, () =>
    Number(execFileSync(process.execPath, ['-e', program, path], { env, encoding: 'utf8' })),
  );
}

function measureImage(report: Report): void {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-image-'));
  execFileSync(process.execPath, ['scripts/build-image.js', folder], { stdio: 'ignore' });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const bytes = names.map((name) => statSync(join(folder, name))).filter((entry) => entry.isFile());
  const value = bytes.reduce((total, { size }) => total + size, 0) / 1024 ** 2;
  report.add({ suite, measure: 'image-tree-mib', value, unit: 'MiB' });
}
