import { randomInt } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { attemptOn, type DataFolder, writeWhole } from './data-folder.ts';
import { errorCode } from './error-code.ts';

/** Letters and digits that are not mistaken for each other and need no quoting anywhere. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 20;

/** The administrator's password: given, or kept from an earlier start, or generated; kept in a file only its owner reads. */
export function loadAdminPassword(folder: DataFolder, given: string | undefined): string {
  return attemptOn(folder.path, () => {
    const kept = readKept(folder.passwordFile);
    const password = given || kept || generate();
    if (password !== kept) writeWhole(folder.passwordFile, `${password}\n`, 0o600);
    chmodSync(folder.passwordFile, 0o600);
    return password;
  });
}

function generate(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/\n$/, '') || undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
