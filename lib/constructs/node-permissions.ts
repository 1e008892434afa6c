import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  for (const table of configurations) table.grant(role, 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
  runtime.grant(role, 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
}
