import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { NIST80053R5Checks } from 'cdk-nag';
import { buildDeployment } from '../../../lib/deployment.ts';
import { nistWaivers } from '../../../lib/nist-waivers.ts';
import { parseSettings } from '../../../lib/parse-settings.ts';
import type { DeploymentInput } from '../../../lib/settings.ts';

/** One rule of the pack that some resource of the examples does not meet. */
export interface NistFinding {
  readonly rule: string;
  readonly description: string;
  /** Examples with it, and how many resources of all together. */
  readonly examples: readonly string[];
  readonly resources: number;
}

interface PluginReport {
  readonly pluginName: string;
  readonly violations?: readonly {
    readonly ruleName: string;
    readonly description?: string;
    readonly violatingConstructs: readonly unknown[];
  }[];
}

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/** Findings of the pack over all examples, by rule; `folder` takes the assemblies. */
export function findNist(configs: Readonly<Record<string, readonly DeploymentInput[]>>, folder: string): NistFinding[] {
  const found = new Map<string, { description: string; examples: Set<string>; resources: number }>();
  for (const [name, deployments] of Object.entries(configs)) {
    const outdir = join(folder, name);
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    for (const deployment of deployments) buildDeployment(app, parseSettings(deployment));
    Validations.of(app).addPlugins(new NIST80053R5Checks(app));
    try {
      app.synth();
    } catch {
      // Findings end a synthesis; the report is there all the same, and reading it fails where it is not.
    }
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      readonly pluginReports: readonly PluginReport[];
    };
    const pack = pluginReports.filter(({ pluginName }) => pluginName.startsWith('NIST'));
    for (const { ruleName, description = '', violatingConstructs } of pack.flatMap(
      ({ violations = [] }) => violations,
    )) {
      // Granular findings name their resource behind the rule.
      const rule = ruleName.replace(/\[.*$/s, '').replace(/^.*::/, '');
      const row = found.get(rule) ?? { description: firstSentence(description), examples: new Set(), resources: 0 };
      row.examples.add(name);
      row.resources += violatingConstructs.length;
      found.set(rule, row);
    }
  }
  return [...found]
    .map(([rule, { examples, ...row }]) => ({ rule, ...row, examples: [...examples].sort() }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

/** Names of rules without a reason, and of reasons without a finding. */
export function compareWaivers(findings: readonly NistFinding[]): {
  readonly missing: string[];
  readonly stale: string[];
} {
  const rules = new Set(findings.map(({ rule }) => rule));
  return {
    missing: [...rules].filter((rule) => !(rule in nistWaivers)),
    stale: Object.keys(nistWaivers).filter((rule) => !rules.has(rule)),
  };
}

/** The page `docs/nist-800-53.md`. */
export function formatNist(findings: readonly NistFinding[]): string {
  const total = new Set(findings.flatMap(({ examples }) => examples)).size;
  const rows = findings.map(({ rule, description, examples, resources }) => {
    const where = examples.length === total ? 'all' : examples.map((name) => `\`${name}\``).join(', ');
    return `| \`${rule}\` | ${description} | ${resources} | ${where} | ${nistWaivers[rule] ?? '**open**'} |`;
  });
  return `# NIST 800-53 R5

Every example of \`config/\` held against the pack NIST 800-53 R5 of cdk-nag, beside the packs AwsSolutions and Serverless
that have no open finding (\`lib/acknowledgements.ts\`). A report, not a gate: rules that are not met are here with the
reason; a test fails when a finding has none or a reason has no finding any more. Written by \`npm run nist\`.

${findings.length} rules are not met by some resource of the ${total} examples:

| rule | what it asks for | resources | examples | why it is so |
|---|---|---:|---|---|
${rows.join('\n')}
`;
}

function firstSentence(text: string): string {
  return (text.split(/ - \(Control| - \(Controls|\. /)[0] ?? '').replaceAll('|', '/').replaceAll('\n', ' ').trim();
}
