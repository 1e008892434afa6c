import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { buildDeployment } from '../../../lib/deployment.ts';
import { parseSettings } from '../../../lib/parse-settings.ts';
import type { DeploymentInput } from '../../../lib/settings.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have no one type, and tests look deep into them
export type Properties = Record<string, any>;

export interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Description?: string;
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, unknown>;
}

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/** Templates by stack name, synthesised in this process without bundling and without any check; `change` comes last. */
export function synthesize(
  deployments: readonly DeploymentInput[],
  change: (app: App) => void = () => undefined,
): Record<string, Template> {
  const checks = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  try {
    const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    for (const deployment of deployments) buildDeployment(app, parseSettings(deployment));
    change(app);
    return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template as Template]));
  } finally {
    if (checks === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = checks;
  }
}

/** Resources of one type in all templates, with where they are. */
export function resourcesOf(templates: Record<string, Template>, type: string) {
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ stack, id, ...resource })),
  );
}
