import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationValidatePlugin } from 'aws-cdk-lib';

/** CDK's own validator with the rules of `lib/rules` added: what its defaults miss (docs/decisions/0061). */
export function createValidator(): CloudFormationValidatePlugin {
  const folder = join(process.cwd(), 'lib', 'rules');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.rego'))
    .sort();
  return new CloudFormationValidatePlugin({
    regoRules: names.map((name) => ({ name, content: readFileSync(join(folder, name), 'utf8') })),
  });
}
