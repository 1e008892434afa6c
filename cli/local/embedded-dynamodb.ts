import { startTableServer } from './table-server.ts';
import { isDiskFull, probeTableServer } from './table-server-probe.ts';

/**
 * The program that keeps the tables of a cluster on one machine: listens on 127.0.0.1 only, tells its parent
 * `{ ready: true, port }`, and ends with its parent or on SIGTERM.
 */
async function main(): Promise<void> {
  const path = process.env.SPECTRUM_EMBEDDED_PATH;
  if (!path) return fail('SPECTRUM_EMBEDDED_PATH is not set; it names the folder of the tables');
  // dynalite throws from its callbacks when the store fails, after which nothing it holds can be relied on. What it
  // has acknowledged is in the store's log file, so ending here loses nothing.
  process.on('uncaughtException', (error) => fail(sentenceOf(error, path)));
  const server = await startTableServer({
    host: '127.0.0.1',
    port: Number(process.env.SPECTRUM_EMBEDDED_PORT ?? 0),
    path,
  });
  await probeTableServer(server.port);
  const stop = () =>
    void server.close().then(
      () => process.exit(0),
      (error) => fail(String(error)),
    );
  process.once('SIGTERM', stop);
  // The starter stops its children in order; a Ctrl-C in the same terminal is not for this process to act on.
  process.on('SIGINT', () => undefined);
  // The channel also closes when the parent is killed: no process may stay behind.
  process.once('disconnect', stop);
  process.send?.({ ready: true, port: server.port });
}

function sentenceOf(error: Error, path: string): string {
  if (isDiskFull(error)) return `No space left on the disk of ${path}`;
  if (/Database is (closed|not open)/.test(error.message)) {
    return `The table folder ${path} cannot be opened: another process uses it, or it is damaged`;
  }
  return `The table server in ${path} failed: ${error.message}`;
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

void main().catch((error: Error) => fail(error.message));
