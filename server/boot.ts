import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { allocateYoung } from './foundation/allocation.ts';

/** The names that scripts/code-cache.js leaves beside this program, and the length of a SHA-256 in hexadecimal digits. */
const program = 'node-program.cjs';
const cache = 'node-program.cache';
const digestLength = 64;
const checksumLength = 8;

allocateYoung();
boot();

/**
 * Runs the program of a node from the bytecode that the build left beside it: to read and compile the source is
 * otherwise half of a start. Without that file, or with that of another build or another Node.js, V8 compiles the
 * source as it always does.
 */
function boot(): void {
  const folder = dirname(process.argv[1] ?? '.');
  const file = join(folder, program);
  // The build leaves nothing but ASCII, which is read several times as fast as UTF-8.
  const source = readFileSync(file, 'latin1');
  const script = new Script(Module.wrap(source), {
    filename: file,
    cachedData: readCache(join(folder, cache), source.trimEnd().slice(-digestLength)),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const target = process.env.SPECTRUM_CODE_CACHE_TARGET;
  if (target !== undefined) process.once('exit', () => writeFileSync(target, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, folder);
}

/**
 * V8 compares no more than the length of the source and believes the rest: so the file begins with the digest of the
 * program that it was made of, and with the CRC-32 of what follows.
 */
function readCache(file: string, digest: string): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const bytecode = content.subarray(digestLength + checksumLength);
    const checksum = crc32(bytecode).toString(16).padStart(checksumLength, '0');
    return content.toString('latin1', 0, digestLength + checksumLength) === digest + checksum ? bytecode : undefined;
  } catch {
    return undefined;
  }
}
