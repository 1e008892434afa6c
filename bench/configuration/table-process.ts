import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TableSettings } from '../../server/configuration/dynamodb.ts';

export interface TableProcess {
  readonly folder: string;
  settings(tableName: string): TableSettings;
  stop(): Promise<void>;
}

/** Bundles a program as the product ships it: CommonJS, packages with native parts outside. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' } as const;
  await build({ ...options, entryPoints: [entry], outfile, external: ['dynalite'] });
}

/** The embedded table server as it ships, in a process of its own. */
export async function startTableProcess(): Promise<TableProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-configuration-'));
  const program = join(folder, 'embedded.cjs');
  await bundle('cli/local/embedded-dynamodb.ts', program);
  const child = fork(program, [], {
    execArgv: [],
    env: {
      ...process.env,
      NODE_PATH: join(process.cwd(), 'node_modules'),
      SPECTRUM_EMBEDDED_PATH: join(folder, 'tables'),
    },
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    folder,
    settings: (tableName) => ({ tableName, endpoint: `http://127.0.0.1:${port}`, callTimeoutMs: 10_000 }),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
