import type { ProbeResult } from '../../../lambda/node-health/probe.ts';
import type { NodeReport } from '../../../lambda/node-health/report.ts';
import { badChecksBeforeStop, chooseNodeToStop, type StopSituation } from '../../../lambda/node-health/stopping.ts';

function report(address: string, result: ProbeResult, ecsHealth = 'HEALTHY'): NodeReport {
  const service = { name: 'nodes', serviceArn: 's', targetGroupArn: 't', minimum: 2 };
  const node = { service, taskArn: `task/${address}`, address, zone: 'a', ecsHealth, startedAtMs: 0 };
  return { node, balancer: 'healthy', probe: { result, answerMs: 1, detail: '' } };
}

const oneBad = [report('a', 'ready'), report('b', 'ready'), report('c', 'silent')];
const stayed = new Map([['c', badChecksBeforeStop]]);
const situation: StopSituation = { reports: oneBad, minimum: 2, isDeploying: false, badChecks: stayed };

test('stops the node that stays unhealthy', () => {
  expect(chooseNodeToStop(situation)).toEqual({ stop: oneBad[2] });
});

const spared: readonly [string, Partial<StopSituation>, RegExp][] = [
  ['it has not been bad for long', { badChecks: new Map([['c', badChecksBeforeStop - 1]]) }, /stayed unhealthy/],
  [
    'ECS is about to replace it anyway',
    { reports: [report('a', 'ready'), report('b', 'ready'), report('c', 'silent', 'UNHEALTHY')] },
    /stayed/,
  ],
  ['a deployment is under way', { isDeploying: true }, /deployment/],
  ['a node is missing already', { minimum: 4 }, /only 3 of at least 4/],
  ['half of the nodes look bad', { reports: [report('a', 'ready'), report('c', 'silent')] }, /1 of 2/],
  [
    'it is only not ready',
    { reports: [report('a', 'ready'), report('b', 'ready'), report('c', 'not-ready')] },
    /stayed/,
  ],
];

test.each(spared)('spares it while %s', (_name, change, reason) => {
  expect(chooseNodeToStop({ ...situation, ...change })).toEqual({ spare: expect.stringMatching(reason) });
});
