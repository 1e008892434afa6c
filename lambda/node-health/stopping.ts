import { isBad, type NodeReport } from './report.ts';

/** All that decides whether a node may be stopped. */
export interface StopSituation {
  /** Reports of one service. */
  readonly reports: readonly NodeReport[];
  readonly minimum: number;
  readonly isDeploying: boolean;
  /** Consecutive bad checks by address, this one included. */
  readonly badChecks: ReadonlyMap<string, number>;
}

/** Bad checks in a row, a minute apart, before a node counts as staying unhealthy. */
export const badChecksBeforeStop = 5;

/**
 * The node to stop, or why none: ECS thinks it healthy, it has stayed bad, no deployment runs, no node is missing already,
 * and fewer than half look bad, for then the fault is elsewhere.
 */
export function chooseNodeToStop(situation: StopSituation): { readonly stop: NodeReport } | { readonly spare: string } {
  const { reports, minimum, isDeploying, badChecks } = situation;
  const bad = reports.filter(isBad);
  const [candidate] = bad
    .filter(({ node }) => node.ecsHealth !== 'UNHEALTHY' && (badChecks.get(node.address) ?? 0) >= badChecksBeforeStop)
    .sort((a, b) => (badChecks.get(b.node.address) ?? 0) - (badChecks.get(a.node.address) ?? 0));
  if (!candidate) return { spare: 'no node stayed unhealthy' };
  if (isDeploying) return { spare: 'a deployment is under way' };
  if (bad.length * 2 >= reports.length) return { spare: `${bad.length} of ${reports.length} nodes look bad` };
  if (reports.length < minimum) return { spare: `only ${reports.length} of at least ${minimum} nodes run` };
  return { stop: candidate };
}
