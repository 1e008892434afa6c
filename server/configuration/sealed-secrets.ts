import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { SpectrumError } from '../foundation/errors.ts';
import { isPlainObject } from '../foundation/schema.ts';
import { canonicalJson } from './canonical.ts';
import { hideSecrets } from './visibility.ts';

/** Hidden fields of a configuration file, encrypted with AES-256-GCM under a passphrase; all bytes in base64url. */
export interface SealedSecrets {
  readonly algorithm: 'scrypt-aes-256-gcm';
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

interface KeptObject {
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
}

const algorithm = 'scrypt-aes-256-gcm';
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 } as const;
const keyBytes = 32;
/** Shorter ones would be easier to forge. */
const tagBytes = 16;
const shortestPassphrase = 12;

/** Seals the complete values of those objects that have hidden fields. */
export async function sealSecrets(objects: readonly KeptObject[], passphrase: string): Promise<SealedSecrets> {
  if (passphrase.length < shortestPassphrase) {
    const sentence = `passphrase: has ${passphrase.length} characters; send at least ${shortestPassphrase}`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { field: 'passphrase' });
  }
  const hiding = objects.filter(({ kind, value }) => canonicalJson(hideSecrets(kind, value)) !== canonicalJson(value));
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(hiding), 'utf8'), cipher.final()]);
  return { algorithm, salt: text(salt), iv: text(iv), tag: text(cipher.getAuthTag()), data: text(data) };
}

/** The objects with the hidden fields that were sealed for them; throws `INVALID_REQUEST` for a wrong passphrase. */
export async function openSecrets<Kept extends KeptObject>(
  objects: readonly Kept[],
  sealed: SealedSecrets,
  passphrase: string,
): Promise<readonly Kept[]> {
  const opened = await decrypt(sealed, passphrase);
  const complete = new Map(opened.map((object) => [`${object.kind}/${object.name}`, object.value]));
  return objects.map((object) => {
    const kept = complete.get(`${object.kind}/${object.name}`);
    return kept === undefined ? object : { ...object, value: fillIn(object.kind, object.value, kept) };
  });
}

/** What the file shows counts; what it cannot show comes from the sealed value. */
function fillIn(kind: string, visible: unknown, complete: unknown): unknown {
  const shown = hideSecrets(kind, complete);
  if (!isPlainObject(visible) || !isPlainObject(complete) || !isPlainObject(shown)) return visible;
  const kept = Object.entries(complete).filter(
    ([name]) => !(name in shown) || canonicalJson(visible[name]) === canonicalJson(shown[name]),
  );
  return { ...visible, ...Object.fromEntries(kept) };
}

async function decrypt(sealed: SealedSecrets, passphrase: string): Promise<readonly KeptObject[]> {
  const [salt, iv, tag, data] = [sealed.salt, sealed.iv, sealed.tag, sealed.data].map((part) =>
    Buffer.from(String(part), 'base64url'),
  ) as [Buffer, Buffer, Buffer, Buffer];
  try {
    const decipher = createDecipheriv('aes-256-gcm', await deriveKey(passphrase, salt), iv, {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(tag);
    return JSON.parse(Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8'));
  } catch (error) {
    const sentence = 'passphrase: does not open the hidden fields of this file; send the one it was sealed with';
    throw new SpectrumError('INVALID_REQUEST', sentence, { field: 'passphrase' }, { cause: error });
  }
}

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return promisify<string, Buffer, number, typeof cost, Buffer>(scrypt)(
    passphrase.normalize('NFC'),
    salt,
    keyBytes,
    cost,
  );
}

function text(bytes: Buffer): string {
  return bytes.toString('base64url');
}
