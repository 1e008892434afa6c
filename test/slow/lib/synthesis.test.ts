import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { acknowledgements } from '../../../lib/acknowledgements.ts';
import { configs } from '../../lib/support/configs.ts';

// Every example is synthesised once as a person would, with an empty environment; all gates read those templates.
const output = mkdtempSync(join(tmpdir(), 'spectrum-synth-'));

function synthesize(config: string, folder: string, from = process.cwd()) {
  const cdk = ['--no-install', 'cdk', 'synth', '--quiet', '--strict', '--output', folder];
  const app = ['--app', `node --import tsx bin/spectrum.ts ${config}`];
  return spawnSync('npx', [...cdk, ...app], {
    cwd: from,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: output },
  });
}

interface Finding {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations?: readonly Finding[];
    readonly suppressedViolations?: readonly Finding[];
  }[];
}

function readReport(config: string): ValidationReport {
  return JSON.parse(readFileSync(join(output, config, 'validation-report.json'), 'utf8')) as ValidationReport;
}

test.each(Object.keys(configs))('%s synthesises without credentials, network, Docker, errors or warnings', (config) => {
  const { status, stderr, stdout } = synthesize(config, join(output, config));
  expect(`${stderr}${stdout}`.split('\n').filter((line) => /^\[?(WARNING|ERROR)/.test(line))).toEqual([]);
  expect(status).toBe(0);
});

test('no finding is open, and every acknowledgement still has one', () => {
  const reports = Object.keys(configs).flatMap((config) => readReport(config).pluginReports);
  expect(reports.flatMap(({ violations = [] }) => violations)).toEqual([]);
  const suppressed = reports.flatMap(({ pluginName, suppressedViolations = [] }) =>
    suppressedViolations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        name: `${pluginName} ${ruleName}`,
        path: `/${constructPath}`,
      })),
    ),
  );
  const matches = ({ path, id }: (typeof acknowledgements)[number], finding: (typeof suppressed)[number]) => {
    const name = id.split('::').slice(1).join('::').replace('{region}', 'us-east-1');
    return path.test(finding.path) && endingWith(name).test(finding.name);
  };
  const stale = acknowledgements.filter((row) => !suppressed.some((finding) => matches(row, finding)));
  expect(stale.map(({ id, path }) => `${id} ${path}`)).toEqual([]);
  const unlisted = suppressed.filter((finding) => !acknowledgements.some((row) => matches(row, finding)));
  expect(unlisted.filter(({ path }) => !path.includes('us-west-2') && !path.includes('us-east-2'))).toEqual([]);
});

/** The archive has the name of the deployment whose tables it goes with, secrets begin with that of the cluster. */
function endingWith(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const archived = 'arn:aws:s3:::[a-z-]+-audit-<AWS::AccountId>-us-east-1/changes/\\*';
  const secrets = 'arn:aws:secretsmanager:us-east-1:<AWS::AccountId>:secret:[a-z0-9-]+/\\*';
  return new RegExp(`${literal.replace('\\{archived\\}', archived).replace('\\{secrets\\}', secrets)}$`);
}

test('the same config gives the same bytes a second time and from another directory', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'spectrum-elsewhere-'));
  const parts = [
    'bin',
    'config',
    'contract',
    'lambda',
    'lib',
    'scripts',
    'server',
    'cdk.json',
    'tsconfig.json',
    'Dockerfile',
  ];
  for (const part of [...parts, '.dockerignore', 'package.json', 'package-lock.json']) {
    cpSync(part, join(elsewhere, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(elsewhere, 'node_modules'));
  mkdirSync(join(output, 'again'));
  expect(synthesize('cluster', join(output, 'again', 'here')).status).toBe(0);
  expect(synthesize('cluster', join(output, 'again', 'there'), elsewhere).status).toBe(0);
  const first = listBytes(join(output, 'again', 'here'));
  expect(listBytes(join(output, 'again', 'there'))).toEqual(first);
  expect(first['spectrum-main.template.json']).toBeDefined();
}, 400_000);

function listBytes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      // Stack traces in the metadata and the places of findings are absolute paths; neither is deployed.
      .filter(({ name }) => !name.endsWith('.metadata.json') && name !== 'validation-report.json')
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path).toString('base64')]),
  );
}

const hasCfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

(hasCfnLint ? test : test.skip)('cfn-lint finds nothing (skipped where it is not installed)', () => {
  const templates = Object.keys(configs).flatMap((config) =>
    readdirSync(join(output, config))
      .filter((name) => name.endsWith('.template.json'))
      .map((name) => join(output, config, name)),
  );
  expect(templates.length).toBeGreaterThan(50);
  const ignored = Object.keys(cfnLintReasons).flatMap((rule) => ['--ignore-checks', rule]);
  const { stdout } = spawnSync('cfn-lint', ['--format', 'json', ...ignored, '--template', ...templates], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const findings = JSON.parse(stdout || '[]') as { readonly Rule: { readonly Id: string }; readonly Message: string }[];
  expect([...new Set(findings.map(({ Rule, Message }) => `${Rule.Id} ${Message}`))]).toEqual([]);
});

/** Checks of cfn-lint that are left out, with why. */
const cfnLintReasons: Readonly<Record<string, string>> = {
  W3005: 'CDK writes out a dependency that a reference implies as well; it changes nothing',
  W3010: 'zones are a setting (lib/acknowledgements.ts)',
};

afterAll(() => {
  execFileSync('rm', ['-rf', output]);
});
