import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './foundation/clock.ts';
import type { Log } from './foundation/log.ts';
import { writeUseRecord } from './reference-data/index.ts';

export interface DatabaseUsesProps {
  readonly referenceData: string;
  readonly clusterName: string;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What counts as used for a day after its last sign of life is told again so often. */
const renewMs = 3_600_000;

/** Tells, beside the vintages, which of them this node uses, so that nobody on the same share removes them. */
export class DatabaseUses {
  readonly #props: DatabaseUsesProps;
  /** Vintages by database, as last told. */
  #used: ReadonlyMap<string, readonly string[]> = new Map();
  readonly #renewal: NodeJS.Timeout;
  #isReadOnlyTold = false;

  constructor(props: DatabaseUsesProps) {
    this.#props = props;
    this.#renewal = setInterval(() => void this.#write(this.#used), renewMs).unref();
  }

  /** @param used vintages by database, open or asked for; databases no longer among them are told to be free */
  async tell(used: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const freed = [...this.#used.keys()].filter((database) => !used.has(database));
    this.#used = used;
    await this.#write(new Map([...freed.map((database) => [database, []] as const), ...used]));
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  async #write(used: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const { referenceData, clusterName: cluster, nodeName: node, clock, log } = this.#props;
    const place = `${hostname()}:${referenceData}`;
    const at = new Date(clock.nowMs()).toISOString();
    for (const [database, vintages] of used) {
      try {
        await writeUseRecord(join(referenceData, database), { cluster, node, place, at, vintages });
      } catch (error) {
        // A resource may name a database that is still on its way.
        if (this.#isReadOnlyTold || (error as NodeJS.ErrnoException).code === 'ENOENT') continue;
        this.#isReadOnlyTold = true;
        const sentence = 'Use of a database cannot be noted beside it; whoever retires vintages must ask this cluster';
        log.warn({ database, err: error }, sentence);
      }
    }
  }
}
