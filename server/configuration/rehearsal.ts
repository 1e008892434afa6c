import { SpectrumError } from '../foundation/errors.ts';
import type { Fold } from './fold.ts';
import type { ConfigurationKind, ConfigurationWrite } from './model.ts';
import { proposeWrite } from './rules.ts';
import type { Proposal } from './writer.ts';

/** Kinds whose objects make administrators: a change of one that exists is judged after all before it. */
const oneByOne: ReadonlySet<ConfigurationKind> = new Set(['user', 'role']);

/** The node answers others in between. */
const changesAtATime = 100;

/**
 * What would be refused if these changes were made in this order on this copy, and why: by index, nothing is written.
 * A refused change is passed over, so that those after it are judged without it.
 */
export async function rehearse(
  fold: Fold,
  changes: readonly ConfigurationWrite[],
  lowestFormat: number,
): Promise<ReadonlyMap<number, SpectrumError>> {
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
    // Applying copies the objects of a kind: once for a run of changes of one kind, not once for each.
    if (pending.at(-1)?.kind !== change.kind || !isIndependent(change)) applyPending();
    if (index % changesAtATime === changesAtATime - 1) await new Promise((resolve) => setImmediate(resolve));
    try {
      pending.push(proposeWrite(state, change, lowestFormat));
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      refusals.set(index, error);
    }
  }
  return refusals;
}

function isIndependent({ kind, operation, expected }: ConfigurationWrite): boolean {
  return operation === 'put' && (expected === 'absent' || !oneByOne.has(kind));
}
