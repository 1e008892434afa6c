import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const pollMs = 100;
/** What /proc counts processor time in, on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

export interface MeasuredBuild {
  /** Of the vintage. */
  readonly folder: string;
  readonly seconds: number;
  /** Of all threads; undefined where /proc is not. */
  readonly processorSeconds: number | undefined;
  readonly peakMiB: number | undefined;
  /** What the builder printed last: the outcome. */
  readonly points: number;
}

export function bundlePrograms(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.js'), '--when-stale'], { stdio: 'inherit' });
}

/** Runs the builder's own program as a user does and watches what it takes. */
export async function measureBuild(out: string, name: string, words: readonly string[]): Promise<MeasuredBuild> {
  const folder = join(out, name, 'v1');
  rmSync(folder, { recursive: true, force: true });
  const all = ['build', '--name', name, '--vintage', 'v1', '--out', out, '--progress', 'json', ...words];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/builder.cjs'), ...all], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  child.stdout.on('data', (chunk) => {
    last = (last + chunk).split('\n').slice(-2).join('\n');
  });
  let seen: ProcessFacts | undefined;
  const watching = setInterval(() => {
    seen = readProcess(child.pid) ?? seen;
  }, pollMs);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearInterval(watching);
  if (code !== 0) throw new Error(`the builder ended with ${code}`);
  const outcome = JSON.parse(last.trim()) as { counts: { points: number } };
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    folder,
    seconds,
    points: outcome.counts.points,
    processorSeconds: seen?.processorSeconds,
    peakMiB: seen?.peakMiB,
  };
}

interface ProcessFacts {
  readonly processorSeconds: number;
  readonly peakMiB: number;
}

/** Processor time and the highest resident memory so far, as the kernel counts them. */
export function readProcess(pid: number | undefined): ProcessFacts | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    if (!peak) return undefined;
    return {
      processorSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      peakMiB: Number(peak[1]) / 1024,
    };
  } catch {
    return undefined;
  }
}
