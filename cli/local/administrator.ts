import { randomInt } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ManagementError } from '../../client/index.ts';
import { defaultPasswordPolicy, findPasswordProblem } from '../../contract/password-policy.ts';
import { CommandError } from '../command-error.ts';
import { openClient } from '../data/management.ts';
import { attemptOn, type DataFolder, writeWhole } from './data-folder.ts';
import { errorCode } from './error-code.ts';

/** The administrator as the end of a start tells it. */
export interface Administrator {
  readonly name: string;
  readonly password: string;
  /** False when it was changed since, by whoever may; then only they know it. */
  readonly isCurrent: boolean;
}

export interface AdminPassword {
  /** In the file, and therefore what a new configuration begins with. */
  readonly kept: string;
  /** What the user asks for now. */
  readonly wanted: string;
}

const name = 'admin';

/** Letters and digits that are not mistaken for each other; with the sign that ends it nothing needs quoting. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 20;

/** Reads the kept password or keeps the given or a generated one, in a file that only its owner reads. */
export function loadAdminPassword(folder: DataFolder, given: string | undefined): AdminPassword {
  return attemptOn(folder.path, () => {
    const found = readKept(folder.passwordFile);
    const kept = found ?? given ?? generate();
    if (found === undefined) {
      assertAllowed(kept);
      keep(folder, kept);
    }
    chmodSync(folder.passwordFile, 0o600);
    return { kept, wanted: given ?? kept };
  });
}

/** Makes the wanted password the administrator's through the running cluster; throws `usage` when it is refused. */
export async function settleAdminPassword(
  url: string,
  folder: DataFolder,
  { kept, wanted }: AdminPassword,
): Promise<Administrator> {
  if (await canLogIn(url, wanted)) {
    if (wanted !== kept) attemptOn(folder.path, () => keep(folder, wanted));
    return { name, password: wanted, isCurrent: true };
  }
  if (wanted === kept || !(await canLogIn(url, kept))) return { name, password: wanted, isCurrent: false };
  await changePassword(url, kept, wanted);
  attemptOn(folder.path, () => keep(folder, wanted));
  return { name, password: wanted, isCurrent: true };
}

/** A login soon after a failed one has to wait: the one before may have been this program's own. */
async function canLogIn(url: string, password: string): Promise<boolean> {
  for (;;) {
    try {
      await openClient({ url, user: name, password }).node();
      return true;
    } catch (error) {
      if (!(error instanceof ManagementError) || error.status === 0) throw error;
      if (error.status !== 429) return error.status !== 401;
      await pause(Number(error.facts.retryAfterMs ?? 1_000));
    }
  }
}

async function changePassword(url: string, current: string, wanted: string): Promise<void> {
  try {
    await openClient({ url, user: name, password: current }).setPassword(name, wanted);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    throw new CommandError('usage', `SPECTRUM_ADMIN_PASSWORD cannot be set: ${error.message}`, { cause: error });
  }
}

function assertAllowed(password: string): void {
  const problem = findPasswordProblem(password, defaultPasswordPolicy);
  if (problem === undefined) return;
  throw new CommandError('usage', `SPECTRUM_ADMIN_PASSWORD is refused by the password policy; ${problem}`);
}

function keep(folder: DataFolder, password: string): void {
  writeWhole(folder.passwordFile, `${password}\n`, 0o600);
}

function generate(): string {
  return `${Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')}@`;
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/\n$/, '') || undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
