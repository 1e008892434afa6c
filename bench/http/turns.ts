import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { RunningProgram } from './processes.ts';

/** Kept alive, with one request at a time on each. */
export const connections = 8;

/** Two servers that are sent the same requests in turns. */
export interface Contest {
  readonly measure: string;
  readonly unit: string;
  readonly rowsPerRequest: number;
  readonly own: Contestant;
  readonly rival: Contestant;
}

interface Contestant {
  readonly name: string;
  readonly server: RunningProgram;
  /** The requests of a round, one file for each turn. */
  readonly files: readonly string[];
}

interface Turn {
  readonly rate: number;
  /** Microseconds of the processor for one request; undefined where the kernel does not say. */
  readonly cpuUs: number | undefined;
}

export interface Pairing {
  readonly own: Turn;
  readonly rival: Turn;
}

/** Every request once to both sides, in short turns; each side begins every other turn. */
export async function playRound(client: ChildProcess, { own, rival }: Contest): Promise<readonly Pairing[]> {
  const pairings: Pairing[] = [];
  for (const [turn, file] of own.files.entries()) {
    const rivalFile = rival.files[turn] ?? file;
    if (turn % 2 === 0) {
      const first = await takeTurn(client, rival.server, rivalFile);
      pairings.push({ rival: first, own: await takeTurn(client, own.server, file) });
    } else {
      const first = await takeTurn(client, own.server, file);
      pairings.push({ own: first, rival: await takeTurn(client, rival.server, rivalFile) });
    }
  }
  return pairings;
}

/** One pass over the requests of a file. Any answer but 200 ends the measurement. */
async function takeTurn(client: ChildProcess, { child, port }: RunningProgram, requestFile: string): Promise<Turn> {
  const beforeUs = processorUs(child);
  const result = await new Promise<LoadResult>((resolve, reject) => {
    client.once('message', (message: { result?: LoadResult; error?: string }) =>
      message.result ? resolve(message.result) : reject(new Error(message.error)),
    );
    client.send({ port, requestFile, connections });
  });
  const afterUs = processorUs(child);
  const { seconds, requests, statuses } = result;
  if (statuses['200'] !== requests) throw new Error(`not every answer was 200: ${JSON.stringify(statuses)}`);
  const cpuUs = beforeUs === undefined || afterUs === undefined ? undefined : (afterUs - beforeUs) / requests;
  return { rate: requests / seconds, cpuUs };
}

interface LoadResult {
  readonly seconds: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** What all threads of a process have had of the processor so far, as the kernel counts it. */
function processorUs({ pid }: ChildProcess): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1_000;
  } catch {
    return undefined;
  }
}
