import { scryptSync } from 'node:crypto';

/** A stored password that verifies in a moment: the cost is part of the stored text. */
export async function cheapHash(password: string): Promise<string> {
  const salt = Buffer.from('test');
  const hash = scryptSync(password, salt, 16, { N: 2, r: 1, p: 1 });
  return `scrypt$2$1$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}
