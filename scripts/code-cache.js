// Leaves the bytecode of the node beside its bundle, so that a node compiles nothing when it starts (server/boot.ts):
// a node is started as `npm start` does, and V8 is asked for all it has compiled until then.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const program = 'node-program.cjs';
const cache = 'node-program.cache';
const limitMs = 60_000;

/**
 * Makes the program ASCII, signs it with its digest, and writes the cache that begins with the same digest and a checksum.
 * `run` starts the program, which leaves its bytecode in `target` when it ends; that of a node when absent.
 */
export async function writeCodeCache(folder, run = runNode) {
  const digest = sign(join(folder, program));
  const work = mkdtempSync(join(tmpdir(), 'spectrum-code-cache-'));
  try {
    const target = join(work, 'bytecode');
    await run(target, folder, work);
    const bytecode = readFileSync(target);
    const checksum = crc32(bytecode).toString(16).padStart(8, '0');
    writeFileSync(join(folder, cache), Buffer.concat([Buffer.from(digest + checksum, 'latin1'), bytecode]));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function runNode(target, folder, work) {
  const started = [];
  const start = async (name, variables) => {
    const child = fork(join(folder, name), { env: { ...process.env, ...variables }, execArgv: [], silent: true });
    started.push(child);
    return { child, port: await readiness(child, name) };
  };
  try {
    const table = await start('embedded-dynamodb.cjs', { SPECTRUM_EMBEDDED_PATH: join(work, 'table') });
    const node = await start('node.cjs', variablesOf(work, table.port, target));
    await end(node.child);
  } finally {
    for (const child of started) child.kill('SIGKILL');
  }
}

/** Letters beyond ASCII stand in regular expressions and comments only, where an escape means the same. */
function sign(file) {
  const text = readFileSync(file, 'utf8').replace(/[^\0-\x7f]/g, escapeUnit);
  const digest = createHash('sha256').update(text).digest('hex');
  writeFileSync(file, `${text}\n// ${digest}\n`);
  return digest;
}

function escapeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function variablesOf(work, tablePort, target) {
  const folders = { SPECTRUM_REFERENCE_DATA: join(work, 'reference-data'), SPECTRUM_JOB_FILES: join(work, 'jobs') };
  for (const path of Object.values(folders)) mkdirSync(path);
  return {
    ...folders,
    SPECTRUM_CODE_CACHE_TARGET: target,
    SPECTRUM_NODE_NAME: 'build',
    SPECTRUM_HOST: '127.0.0.1',
    SPECTRUM_PORT: '0',
    SPECTRUM_CONFIGURATION_ENDPOINT: `http://127.0.0.1:${tablePort}`,
    SPECTRUM_CONFIGURATION_TABLE: 'spectrum',
    SPECTRUM_RUNTIME_TABLE: 'spectrum-runtime',
    SPECTRUM_ADMIN_PASSWORD: 'used by nobody, gone in a second!',
    SPECTRUM_LEAVE_MS: '0',
    SPECTRUM_PROCESSES: '1',
    SPECTRUM_LOG_LEVEL: 'error',
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** Resolves when the program has left as it does on SIGTERM, its bytecode written. */
function end(child) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`the node did not end within ${limitMs / 1000} s`));
    const timer = setTimeout(late, limitMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The port that the program says it listens on. */
function readiness(child, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} was not ready within ${limitMs / 1000} s`)), limitMs);
    const output = [];
    child.stdout.on('data', (text) => output.push(text));
    child.stderr.on('data', (text) => output.push(text));
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${code}: ${output.join('').trim().slice(-300)}`));
    });
    child.on('message', (message) => {
      if (message?.ready !== true) return;
      clearTimeout(timer);
      resolve(message.port);
    });
  });
}
