import { Duration } from 'aws-cdk-lib';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import {
  type Chain,
  Choice,
  Condition,
  Fail,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Pass,
  Result,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { EcsRunTask, type IEcsLaunchTarget } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { endingsNotRepeated } from '../../contract/container.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import type { Network } from './network.ts';
import type { Task } from './task.ts';

export interface RepeatedTaskProps {
  readonly cluster: Cluster;
  readonly task: Task;
  readonly launchTarget: IEcsLaunchTarget;
  readonly securityGroup: SecurityGroup;
  readonly network: Network;
  /** List of the container's words, as a path into the state or an intrinsic function. */
  readonly command: string[];
  /** Of one try. */
  readonly timeout: Duration;
  /** Starts after one that failed. */
  readonly repeats: number;
}

/**
 * A task of a flow that is started again when it fails, since its work is written once whoever finishes it; at once
 * given up when its exit code says that another try ends the same way (contract/exit-codes.ts). Retriers of Step
 * Functions cannot see exit codes, so the loop is made of states.
 */
export function createRepeatedTask(scope: Construct, id: string, props: RepeatedTaskProps, next?: IChainable): Chain {
  const begin = new Pass(scope, `${id}Begins`, { result: Result.fromObject({ value: 0 }), resultPath: '$.tries' });
  const run = createRun(scope, id, props);
  const failure = { causePath: JsonPath.stringAt('$.failure.Cause') };
  const again = new Wait(scope, `${id}Waits`, { time: WaitTime.duration(Duration.seconds(30)) });
  const count = new Pass(scope, `${id}Repeats`, {
    parameters: { value: JsonPath.mathAdd(JsonPath.numberAt('$.tries.value'), 1) },
    resultPath: '$.tries',
  });
  const judge = new Choice(scope, `${id}Failed`)
    .when(isNotRepeated(), new Fail(scope, `${id}Refused`, { error: 'Refused', ...failure }))
    .when(
      Condition.numberGreaterThanEquals('$.tries.value', props.repeats),
      new Fail(scope, `${id}GivenUp`, { error: 'GivenUp', ...failure }),
    )
    .otherwise(again.next(count).next(run));
  run.addCatch(judge, { errors: ['States.TaskFailed'], resultPath: '$.failure' });
  const chain = begin.next(run);
  return next ? chain.next(next) : chain;
}

function createRun(scope: Construct, id: string, props: RepeatedTaskProps): EcsRunTask {
  const run = new EcsRunTask(scope, id, {
    integrationPattern: IntegrationPattern.RUN_JOB,
    cluster: props.cluster,
    taskDefinition: props.task.definition,
    launchTarget: props.launchTarget,
    securityGroups: [props.securityGroup],
    subnets: props.network.nodeSubnets,
    containerOverrides: [{ containerDefinition: props.task.container, command: props.command }],
    taskTimeout: Timeout.duration(props.timeout),
    resultPath: JsonPath.DISCARD,
  });
  // No task was started: the account's quota is used up, or ECS is busy.
  run.addRetry({
    errors: ['ECS.AmazonECSException', 'ECS.ThrottlingException'],
    maxAttempts: 6,
    interval: Duration.seconds(30),
    backoffRate: 2,
  });
  return run;
}

/** The cause of a failed task is its description by DescribeTasks, as JSON without spaces. */
function isNotRepeated(): Condition {
  const patterns = endingsNotRepeated.flatMap((name) =>
    [',', '}'].map((behind) => `*"ExitCode":${exitCodes[name].code}${behind}*`),
  );
  return Condition.or(...patterns.map((pattern) => Condition.stringMatches('$.failure.Cause', pattern)));
}
