import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { containerRoles } from '../../contract/container.ts';
import { exitCodes } from '../../contract/exit-codes.ts';

// First program of the container. It loads the role into its own process, so that the role receives the signals.
start(process.argv[2] ?? 'node');

function start(role: string): void {
  const program = join(__dirname, `${role}.cjs`);
  if (!containerRoles.some((known) => known === role)) {
    refuse(`role "${role}" is not known; use ${containerRoles.join(', ')}`);
  } else if (!existsSync(program)) {
    refuse(`role "${role}" is not part of this image`);
  } else {
    process.argv.splice(1, 2, program);
    require(program);
  }
}

function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCodes.usage.code;
}
