import type { TimeAnswer } from '../../../contract/watching.ts';
import { timeLimits } from '../limits.ts';

/** The platform asks its own time service about as often. */
const askEveryMs = 60_000;

/** What the platform says of this machine's clock (ECS task metadata version 4, `ClockDrift`), asked now and then. */
export class PlatformClock {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  #known: TimeAnswer['clock'];

  /** @param metadataUri value of `ECS_CONTAINER_METADATA_URI_V4` */
  constructor(metadataUri: string) {
    this.#url = `${metadataUri}/task`;
    this.#timer = setInterval(() => void this.ask(), askEveryMs).unref();
    void this.ask();
  }

  /** The latest word; undefined while there is none. */
  latest(): TimeAnswer['clock'] {
    return this.#known;
  }

  /** Asks now; a platform that does not answer leaves nothing known. */
  async ask(): Promise<void> {
    try {
      const answer = await fetch(this.#url, { signal: AbortSignal.timeout(timeLimits.metadataMs) });
      this.#known = parseDrift(await answer.json());
    } catch {
      this.#known = undefined;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function parseDrift(metadata: unknown): TimeAnswer['clock'] {
  const { ClockDrift: drift } = (metadata ?? {}) as { readonly ClockDrift?: Readonly<Record<string, unknown>> };
  const { ClockErrorBound: errorBoundMs, ClockSynchronizationStatus: status } = drift ?? {};
  const isKnown = status === 'SYNCHRONIZED' || status === 'NOT_SYNCHRONIZED';
  return isKnown && typeof errorBoundMs === 'number' ? { status, errorBoundMs } : undefined;
}
