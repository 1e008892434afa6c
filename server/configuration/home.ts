import type { Fold } from './fold.ts';
import { type Table, TableError } from './table.ts';
import type { Timing } from './timing.ts';

export interface HomesOptions {
  /** The table of this node's own region. */
  readonly table: Table;
  readonly region: string | undefined;
  /** The region that writes as long as no seal has named one; every region when undefined. */
  readonly firstHome: string | undefined;
  readonly tableOfRegion: (region: string) => Table | undefined;
  readonly timing: Timing;
}

/** Where the configuration is written, and whether that place answers: it may be another region's table. */
export interface Homes {
  /** The region that writes; undefined where every region does. */
  nameOf(fold: Fold): string | undefined;
  /** The table that decides writes; undefined where it is another region's and this node has no way there. */
  authorityOf(fold: Fold): Table | undefined;
  /** Milliseconds since another region, as the home, last answered; 0 where writes are decided in this one. */
  silentMs(fold: Fold): number;
  /** False when the home is another region and there is no way there, or the latest call was not answered. */
  isReachable(fold: Fold): boolean;
}

interface RemoteTable {
  readonly table: Table;
  answeredAtMs: number;
  isAnswering: boolean;
}

export function createHomes(options: HomesOptions): Homes {
  const remotes = new Map<string, RemoteTable>();
  const nameOf = (fold: Fold) => fold.home ?? options.firstHome;
  const isOwn = (home: string | undefined) =>
    home === undefined || options.region === undefined || home === options.region;

  function remoteOf(fold: Fold): RemoteTable | undefined {
    const home = nameOf(fold) ?? '';
    const known = remotes.get(home);
    if (known) return known;
    const table = options.tableOfRegion(home);
    if (!table) return undefined;
    const remote = watchAnswers(table, home, options.timing);
    remotes.set(home, remote);
    return remote;
  }

  return {
    nameOf,
    authorityOf: (fold) => (isOwn(nameOf(fold)) ? options.table : remoteOf(fold)?.table),
    silentMs(fold) {
      if (isOwn(nameOf(fold))) return 0;
      return options.timing.monotonicMs() - (remoteOf(fold)?.answeredAtMs ?? Number.NEGATIVE_INFINITY);
    },
    isReachable: (fold) => isOwn(nameOf(fold)) || remoteOf(fold)?.isAnswering === true,
  };
}

/** The table as it was, with its answers noted and its failures told as the region's. */
function watchAnswers(table: Table, home: string, timing: Timing): RemoteTable {
  async function noted<Answer>(call: Promise<Answer>): Promise<Answer> {
    const sentAtMs = timing.monotonicMs();
    try {
      const answer = await call;
      remote.answeredAtMs = Math.max(remote.answeredAtMs, sentAtMs);
      remote.isAnswering = true;
      return answer;
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      remote.isAnswering = error.reason === 'throttled';
      const sentence = `region ${home}, where the configuration is written, cannot be used from here: ${error.message}`;
      throw new TableError(error.reason, sentence, { cause: error });
    }
  }
  const remote: RemoteTable = {
    table: {
      get: (key, reading) => noted(table.get(key, reading)),
      query: (range, reading) => noted(table.query(range, reading)),
      put: (key, attributes, condition) => noted(table.put(key, attributes, condition)),
      delete: (key, condition) => noted(table.delete(key, condition)),
      scan: (scan) => noted(table.scan(scan)),
      close: () => table.close(),
    },
    answeredAtMs: Number.NEGATIVE_INFINITY,
    isAnswering: true,
  };
  return remote;
}
