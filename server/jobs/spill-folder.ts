import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the runs of one process put what their memory does not hold. */
export interface SpillFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): void;
}

/** A new folder for this process; those that killed processes of this host left behind go. */
export function createSpillFolder(parent: string = tmpdir()): SpillFolder {
  const ofHost = `spectrum-spill-${hostname()}-`;
  for (const name of readdirSync(parent)) {
    // Another host, or another container, has processes of the same numbers.
    const [, processId] = name.startsWith(ofHost) ? (/^(\d+)-/.exec(name.slice(ofHost.length)) ?? []) : [];
    if (processId !== undefined && !isRunning(Number(processId))) removeFolder(join(parent, name));
  }
  const path = mkdtempSync(join(parent, `${ofHost}${process.pid}-`));
  return { path, remove: () => removeFolder(path) };
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** A process of another user runs too, though it cannot be signalled. */
function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
