// npm run costs: what each example costs a month while nothing happens, computed from its templates, into docs/costs.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costLines, costsOfAssembly, priceDate } from './cost-model.ts';

function synthesizeCosts(config: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-costs-'));
  const app = ['--app', `node --import tsx bin/spectrum.ts ${config}`, '--output', folder];
  // Prices need no judgement of the templates, which takes most of the time.
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  const { status } = spawnSync('npx', ['--no-install', 'cdk', 'synth', '--quiet', ...app], { stdio: 'ignore', env });
  if (status !== 0) throw new Error(`${config} does not synthesise`);
  const costs = costsOfAssembly(folder);
  rmSync(folder, { recursive: true });
  return costs;
}

const rows = readdirSync('config')
  .map((name) => name.replace('.ts', ''))
  .map((config) => {
    const costs = synthesizeCosts(config);
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    return `| \`${config}\` | ${costs.map((cost) => Math.round(cost)).join(' | ')} | **${Math.round(total)}** |`;
  });
const names = Object.keys(costLines);
writeFileSync(
  'docs/costs.md',
  `# What the examples cost

US dollars a month in us-east-1, idle, nodes at their minimum, all regions together at that region's prices; price list
of ${priceDate}. Written by \`npm run costs\` from the templates. Not in it, because they depend on use: capacity units
of the balancer, reads and writes of tables ($0.16 a node for following the configuration), stored and read files
($0.30 and $0.03 a GB), logs and Container Insights, custom metrics of single nodes ($0.30 each), traffic.

| example | ${names.join(' | ')} | total |
|---|${names.map(() => '---:|').join('')}---:|
${rows.join('\n')}
`,
);
