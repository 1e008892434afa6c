import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Synthesis {
  /** Cloud assembly. */
  readonly folder: string;
  readonly seconds: number;
  /** Largest memory of any process; undefined where GNU time is not installed. */
  readonly peakMiB: number | undefined;
  /** Findings of the rule packs that nobody acknowledged. */
  readonly openFindings: number;
  readonly warnings: number;
  readonly resources: Readonly<Record<string, number>>;
}

interface PluginReport {
  readonly pluginName: string;
  readonly violations?: readonly { readonly severity?: string; readonly violatingConstructs: readonly unknown[] }[];
}

const gnuTime = '/usr/bin/time';
const packs = ['AwsSolutions', 'Serverless'];

/** Runs `cdk synth --strict` on a config with an empty environment: no credentials, no network, no Docker. */
export function synthesizeConfig(config: string): Synthesis {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-bench-'));
  const cdk = ['npx', '--no-install', 'cdk', 'synth', '--quiet', '--strict', '--output', folder];
  const command = [...cdk, '--app', `node --import tsx bin/spectrum.ts ${config}`];
  const [program = '', ...words] = existsSync(gnuTime) ? [gnuTime, '-f', 'peak %M', ...command] : command;
  const startedMs = performance.now();
  const { stderr } = spawnSync(program, words, { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: folder } });
  const seconds = (performance.now() - startedMs) / 1000;
  const peak = /^peak (\d+)$/m.exec(stderr)?.[1];
  const findings = readFindings(folder);
  return {
    folder,
    seconds,
    peakMiB: peak === undefined ? undefined : Number(peak) / 1024,
    openFindings: findings.filter(({ pack }) => packs.includes(pack)).length,
    warnings:
      findings.filter(({ pack }) => !packs.includes(pack)).length + (stderr.match(/^\[?WARNING/gm) ?? []).length,
    resources: countResources(folder),
  };
}

function readFindings(folder: string): { readonly pack: string }[] {
  const path = join(folder, 'validation-report.json');
  if (!existsSync(path)) throw new Error(`${folder} has no validation report: the synthesis did not get that far`);
  const { pluginReports } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly pluginReports: readonly PluginReport[];
  };
  return pluginReports.flatMap(({ pluginName, violations = [] }) =>
    violations.flatMap(({ violatingConstructs }) => violatingConstructs.map(() => ({ pack: pluginName }))),
  );
}

function countResources(folder: string): Record<string, number> {
  const templates = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
  return Object.fromEntries(
    templates.map((name) => {
      const { Resources } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly Resources: object };
      return [name.replace('.template.json', ''), Object.keys(Resources).length];
    }),
  );
}
