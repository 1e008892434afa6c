import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NamedTable } from './tables.ts';
import type { Task } from './task.ts';

/** What a node may do besides reading its files: keep the two tables, and shield itself from scale-in during a job. */
export function grantNodePermissions(
  task: Task,
  cluster: Cluster,
  configuration: NamedTable,
  runtime: NamedTable,
): void {
  const role = task.definition.taskRole;
  configuration.grant(role, 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
  runtime.grant(role, 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
}
