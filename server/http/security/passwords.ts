import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * One of the parameter sets that the OWASP password storage recommendations count as equal; this one needs only
 * 16 MiB, which matters more to a small node than the time of a first login.
 */
const parameters = { N: 2 ** 14, r: 8, p: 5 } as const;
const saltBytes = 16;
const hashBytes = 32;

/** Hashes a password for storage: `scrypt$<N>$<r>$<p>$<salt>$<hash>`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, hashBytes, parameters);
  const { N, r, p } = parameters;
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether `password` is the one behind `stored`; a stored text of another form matches nothing. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (match === null) return false;
  const [N, r, p] = match.slice(1, 4).map(Number) as [number, number, number];
  if (128 * N * r > memoryLimitBytes) return false;
  const expected = Buffer.from(match[5] as string, 'base64url');
  const actual = await derive(password, Buffer.from(match[4] as string, 'base64url'), expected.length, { N, r, p });
  return timingSafeEqual(actual, expected);
}

/** What a password is compared with when the user does not exist, so that both take the same time. */
export const decoyHash = `scrypt$${parameters.N}$${parameters.r}$${parameters.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const memoryLimitBytes = 64 * 2 ** 20;

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, { ...options, maxmem: 2 * memoryLimitBytes }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
