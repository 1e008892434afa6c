import { SpectrumError } from '../foundation/errors.ts';
import type { Fold } from './fold.ts';
import type { ConfigurationKind, ConfigurationWrite } from './model.ts';
import { proposeWrite } from './rules.ts';
import type { Proposal } from './writer.ts';

/** Kinds whose rule about the last administrator looks at one change after the other. */
const oneByOne: ReadonlySet<ConfigurationKind> = new Set(['user', 'role']);

/**
 * What would be refused if these changes were made in this order on this copy, and why: by index, nothing is written.
 * A refused change is passed over, so that those after it are judged without it.
 */
export function rehearse(
  fold: Fold,
  changes: readonly ConfigurationWrite[],
  lowestFormat: number,
): ReadonlyMap<number, SpectrumError> {
  const refusals = new Map<number, SpectrumError>();
  let state = fold;
  let pending: Proposal[] = [];
  const applyPending = () => {
    const at = new Date(0).toISOString();
    state = state.apply(
      pending.map((proposal, index) => ({ ...proposal, id: 'rehearsal', at, revision: state.revision + index + 1 })),
    );
    pending = [];
  };
  for (const [index, change] of changes.entries()) {
    const isWithLast = pending.at(-1)?.kind === change.kind && !oneByOne.has(change.kind) && change.operation === 'put';
    // Applying copies the objects of a kind: once for a run of changes of one kind, not once for each.
    if (!isWithLast) applyPending();
    try {
      pending.push(proposeWrite(state, change, lowestFormat));
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      refusals.set(index, error);
    }
  }
  return refusals;
}
