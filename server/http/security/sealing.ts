import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of a key: the first half authenticates, the second encrypts (RFC 7518 section 5.2.2.1). */
export const sealingKeyBytes = 32;

/** The protected header of published tokens, letter for letter (rest-soap-conventions section 6). */
const header = base64(Buffer.from('{"enc":"A128CBC-HS256","alg":"dir"}'));
const tagBytes = 16;
const ivBytes = 16;

/** Seals `text` into a compact JWE: encrypted with A128CBC-HS256 under `key` itself, so its key part is empty. */
export function seal(key: Buffer, text: string, iv: Buffer = randomBytes(ivBytes)): string {
  const cipher = createCipheriv('aes-128-cbc', key.subarray(sealingKeyBytes / 2), iv);
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [header, '', base64(iv), base64(ciphertext), base64(createTag(key, iv, ciphertext))].join('.');
}

/** The text in a compact JWE that `key` sealed; undefined for anything else. */
export function unseal(key: Buffer, compact: string): string | undefined {
  const [protectedHeader, encryptedKey, ...parts] = compact.split('.');
  if (protectedHeader !== header || encryptedKey !== '' || parts.length !== 3) return undefined;
  const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer];
  if (iv.length !== ivBytes || tag.length !== tagBytes) return undefined;
  if (!timingSafeEqual(tag, createTag(key, iv, ciphertext))) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(sealingKeyBytes / 2), iv);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
}

/** The first half of the HMAC over header, initialization vector, ciphertext and the header's length in bits. */
function createTag(key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(header.length * 8));
  const hmac = createHmac('sha256', key.subarray(0, sealingKeyBytes / 2));
  return hmac.update(header).update(iv).update(ciphertext).update(length).digest().subarray(0, tagBytes);
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64url');
}
