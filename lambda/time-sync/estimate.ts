import type { Exchange } from './exchange.ts';

/** Node's clock minus this clock, and how far the truth can be from it. */
export interface ClockEstimate {
  readonly offsetMs: number;
  /** Hard: holds whatever the network did, as long as both clocks ran on during the exchange. */
  readonly boundMs: number;
}

/**
 * Offset from the exchange with the least round trip (RFC 5905, section 8): θ = ((t1 − t0) + (t2 − t3)) / 2, and the
 * truth is within half the round trip (t3 − t0) − (t2 − t1) of it, and what the node's stamps can be off.
 */
export function estimateOffset(exchanges: readonly Exchange[]): ClockEstimate {
  const [first, ...others] = exchanges.map(toEstimate);
  if (!first) throw new Error('no exchange to estimate from');
  return others.reduce((best, next) => (next.boundMs < best.boundMs ? next : best), first);
}

function toEstimate({ t0, t1, t2, t3, uncertaintyMs = unstatedMs }: Exchange): ClockEstimate {
  // A node that stamps in whole milliseconds cuts off up to one: half of it is added, half widens the bound.
  const cutMs = Number.isInteger(t1) && Number.isInteger(t2) ? 0.5 : 0;
  return {
    offsetMs: (t1 - t0 + (t2 - t3)) / 2 + cutMs,
    // Below zero only when a clock was stepped between two stamps; no bound holds then but the step itself.
    boundMs: Math.abs(t3 - t0 - (t2 - t1)) / 2 + cutMs + uncertaintyMs + readingErrorMs,
  };
}

// Floating-point milliseconds since 1970 have a step of 2^-12 ms, four readings and the clock's own granularity.
const readingErrorMs = 0.01;

/** A node that does not say how exact its stamps are is taken for one that the machine kept from looking at its clock. */
const unstatedMs = 0.5;
