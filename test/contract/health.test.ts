import { balancerLimits } from '../../cli/local/balancer/limits.ts';
import { healthLimits, leavingLimits } from '../../contract/health.ts';

test('a leaving node serves while it is routed to, finishes what is in flight, and has ended before it is killed', () => {
  const { requestMs, stopTimeoutMs } = leavingLimits;
  expect(healthLimits.deregistrationMs + requestMs).toBeLessThan(stopTimeoutMs);
  expect(requestMs).toBeLessThan(healthLimits.deregistrationMs);
});

test('the balancer closes an idle connection before the node does', () => {
  expect(leavingLimits.balancerIdleMs).toBeLessThan(leavingLimits.keepAliveMs);
});

test('the balancer of one machine notices three times before a leaving node goes', () => {
  expect(leavingLimits.localLeaveMs).toBeGreaterThan(3 * balancerLimits.checkEveryMs);
});
