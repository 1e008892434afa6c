import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { chunkPartitions } from '../../contract/tables.ts';
import type { NamedTable } from './tables.ts';
import type { Task } from './task.ts';

/** What a node may do besides reading its files: keep its tables, and shield itself from scale-in during a job. */
export function grantNodePermissions(
  task: Task,
  cluster: Cluster,
  configurations: readonly NamedTable[],
  runtime: NamedTable,
): void {
  const role = task.definition.taskRole;
  for (const table of configurations) grantConfiguration(role, table);
  runtime.grant(role, 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
}

/** No node deletes anything of the change log: only pieces of large values that nothing names any more. */
function grantConfiguration(role: IRole, table: NamedTable): void {
  table.grant(role, 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem');
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['dynamodb:DeleteItem'],
      resources: [table.arn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${chunkPartitions}#*`] } },
    }),
  );
}

/** Secrets of connections, file servers and mail servers are below the name of the cluster; no other is a node's to read. */
export function grantSecrets(task: Task, name: string): void {
  task.definition.taskRole.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [
        Stack.of(task).formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${name}/*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  );
}

/** As findings name the secrets that nodes of the cluster `name` may read. */
export function formatReadableSecrets(name: string, { account, partition, region }: Stack): string {
  const named = (value: string, pseudo: string) => (Token.isUnresolved(value) ? `<AWS::${pseudo}>` : value);
  return `arn:${named(partition, 'Partition')}:secretsmanager:${region}:${named(account, 'AccountId')}:secret:${name}/*`;
}
