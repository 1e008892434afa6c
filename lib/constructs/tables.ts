import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Names of the tables that the deployment `deployment` makes. */
export function tableNames(deployment: string) {
  return { configuration: `${deployment}-configuration`, runtime: `${deployment}-runtime` } as const;
}

/** A table of this account, known by its name: a global table has the same one in every region. */
export class NamedTable {
  readonly arn: string;

  constructor(
    scope: Construct,
    readonly name: string,
    region: string = Stack.of(scope).region,
  ) {
    this.arn = Stack.of(scope).formatArn({ service: 'dynamodb', region, resource: 'table', resourceName: name });
  }

  /** Allows exactly `actions`, such as `Query`, on the table and none of its indexes, for it has none. */
  grant(grantee: IGrantable, ...actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [this.arn] }),
    );
  }
}
