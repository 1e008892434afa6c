import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SpectrumError } from '../foundation/errors.ts';
import { checkSecretName } from './reference.ts';

/** Secrets of one machine, each encrypted in a file of its own under a key that only its owner reads. */
export interface FileSecrets {
  /** Undefined when there is none; throws `SECRET_UNREADABLE` for a damaged one or a key that others can read. */
  find(name: string): Promise<string | undefined>;
  set(name: string, secret: string): Promise<void>;
  /** Whether there was one. */
  delete(name: string): Promise<boolean>;
  list(): Promise<readonly string[]>;
}

const algorithm = 'aes-256-gcm';
const [keyBytes, ivBytes, tagBytes] = [32, 12, 16];
const keyFile = 'key';
const suffix = '.secret';

/** Opens the secrets of a folder, which the first one creates. */
export function openFileSecrets(folder: string): FileSecrets {
  const pathOf = (name: string) => join(folder, `${encodeURIComponent(checkSecretName(name))}${suffix}`);
  return {
    async find(name) {
      const sealed = await readIfPresent(pathOf(name));
      return sealed && unseal(await readKey(folder), name, sealed);
    },
    async set(name, secret) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      await writeWhole(path, seal(await provideKey(folder), name, secret));
    },
    async delete(name) {
      const isThere = (await readIfPresent(pathOf(name))) !== undefined;
      await rm(pathOf(name), { force: true });
      return isThere;
    },
    async list() {
      const files = await readdir(folder).catch(() => []);
      const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
      return names.map(decodeURIComponent).sort();
    },
  };
}

/** The name is sealed with the secret, so that files cannot be exchanged. */
function seal(key: Buffer, name: string, secret: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function unseal(key: Buffer, name: string, bytes: Buffer): string {
  const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)];
  try {
    const decipher = createDecipheriv(algorithm, key, iv).setAAD(Buffer.from(name)).setAuthTag(tag);
    return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw unreadable(`The secret ${name} is damaged, or was sealed with another key; set it again`, error);
  }
}

async function provideKey(folder: string): Promise<Buffer> {
  const path = join(folder, keyFile);
  if ((await readIfPresent(path)) === undefined) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(randomBytes(keyBytes));
      await file.sync();
      await file.close();
    } catch (error) {
      // Another program made it at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readKey(folder);
}

async function readKey(folder: string): Promise<Buffer> {
  const path = join(folder, keyFile);
  const key = await readIfPresent(path);
  if (key?.length !== keyBytes) throw unreadable(`The key ${path} is missing or damaged; restore it`);
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0)
    throw unreadable(`The key ${path} can be read by others; make it its owner's with chmod 600`);
  return key;
}

/** Whole or not at all: written beside, flushed, renamed. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function unreadable(sentence: string, cause?: unknown): SpectrumError {
  return new SpectrumError('SECRET_UNREADABLE', sentence, {}, { cause });
}
