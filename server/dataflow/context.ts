import type { Log } from '../foundation/log.ts';
import type { StageResources } from './resources.ts';
import type { Row } from './values.ts';

/** A record that a source could not read. */
export interface MalformedRecord {
  /** Where it is, such as `customers.csv, line 12`. */
  readonly place: string;
  /** What is wrong with it. */
  readonly reason: string;
  readonly text: string;
}

/** Where a stage writes rows. The promise, when there is one, must be awaited: it is the back-pressure. */
export interface Output {
  write(rows: Row[]): void | Promise<void>;
}

/** What a stage at work may use. */
export interface StageContext {
  /** Id of the stage. */
  readonly stage: string;
  /** Name on the canvas. */
  readonly label: string;
  /** Runtime instances: how many batches the stage may have in work at the same time. */
  readonly instances: number;
  /** Connected outputs by port; a port that nobody listens to is missing. */
  readonly outputs: ReadonlyMap<string, Output>;
  /** Aborted when the run is cancelled or has failed. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** What `checkpoint` or `position` said in the run that this one goes on from; undefined at a first start. */
  readonly restored: unknown;
  /** A folder of this run alone for what does not fit into memory; removed with the run. */
  readonly spillFolder: string;
  /** Counts a malformed record; throws `MALFORMED_RECORDS` when the run may have no more of them. */
  malformed(record: MalformedRecord): void;
  readonly resources: StageResources;
}
