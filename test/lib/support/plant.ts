import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createValidator } from '../../../lib/own-rules.ts';
import type { DeploymentInput } from '../../../lib/settings.ts';
import { type PlantedDefect, plantedStacks } from './planted-defects.ts';
import { synthesize, type Template } from './synthesis.ts';

export interface PlantingResult {
  readonly name: string;
  /** Rules that found the defect; empty when it went through. */
  readonly caughtBy: readonly string[];
}

/** Plants each defect alone into fresh templates and asks the validator, as `cdk synth` does. */
export function plantDefects(
  defects: readonly PlantedDefect[],
  configs: Readonly<Record<string, readonly DeploymentInput[]>>,
): PlantingResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-defects-'));
  const validator = createValidator();
  const find = (template: Template) => {
    const templatePath = join(folder, 'planted.template.json');
    writeFileSync(templatePath, JSON.stringify(template));
    const report = validator.validate({ stackTemplates: [{ stackConstructPath: 'planted', templatePath }] } as never);
    return report.violations.flatMap(({ ruleName, violatingResources }) =>
      (violatingResources ?? []).map(({ resourceLogicalId }) => `${ruleName} ${resourceLogicalId}`),
    );
  };
  try {
    const templates = new Map<string, Template>();
    const before = new Map<string, Set<string>>();
    for (const { config, stack } of Object.values(plantedStacks)) {
      const template = synthesize(configs[config] ?? [])[stack];
      if (!template) throw new Error(`${config} has no stack ${stack}`);
      templates.set(`${config} ${stack}`, template);
      before.set(`${config} ${stack}`, new Set(find(template)));
    }
    return defects.map(({ name, stack, plant }) => {
      const { config, stack: stackName } = plantedStacks[stack];
      const key = `${config} ${stackName}`;
      const template = structuredClone(templates.get(key) as Template);
      const unchanged = JSON.stringify(template);
      plant(template);
      if (JSON.stringify(template) === unchanged) throw new Error(`${name}: nothing was planted`);
      const found = find(template).filter((finding) => !before.get(key)?.has(finding));
      return { name, caughtBy: [...new Set(found.map((finding) => finding.split(' ')[0] ?? ''))] };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
