import type { Configuration } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';

/** The request and response header that carries a configuration revision from one call to the next. */
export const revisionHeader = 'spectrum-revision';

/** Read-your-writes behind a balancer: whichever node answers has seen at least the revision the caller has seen. */
export class RevisionGate {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** Resolves at the revision named by a `Spectrum-Revision` header; rejects after two seconds. */
  async reach(seen: string): Promise<void> {
    const parsed = parseSeen(seen);
    if (parsed === undefined) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `Spectrum-Revision: ${JSON.stringify(seen.slice(0, 64))} is not a revision; send back what an answer carried`,
        {},
      );
    }
    const { epoch, revision } = parsed;
    const known = this.#configuration.snapshot();
    const isInEpoch = epoch === undefined || epoch === known.epoch;
    if (isInEpoch ? known.revision >= revision : known.epoch > epoch) return;
    await this.#configuration.waitFor(revision, timeLimits.revisionWaitMs, epoch);
  }
}

interface SeenRevision {
  readonly epoch: number | undefined;
  readonly revision: number;
}

/** The number in `<epoch>.<revision>`, with or without the quotes of an entity tag; undefined for anything else. */
export function parseRevision(text: string): number | undefined {
  return parseSeen(text)?.revision;
}

function parseSeen(text: string): SeenRevision | undefined {
  const match = /^"?(?:(\d{1,9})\.)?(\d{1,15})"?$/.exec(text.trim());
  if (match === null) return undefined;
  return { epoch: match[1] === undefined ? undefined : Number(match[1]), revision: Number(match[2]) };
}
