import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagementClient } from '../../client/index.ts';
import { CommandError } from '../command-error.ts';

/** Where the management API is, and who asks. */
interface ManagementAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

interface AccessFlags {
  readonly url: string;
  readonly user: string;
  readonly data: string;
}

/** The cluster of the data folder, unless an address is given; the password comes from the environment or that folder. */
export function findAccess({ url, user, data }: AccessFlags): ManagementAccess {
  const running = url === '' ? readIfThere(join(data, 'processes.json')) : undefined;
  const found = running === undefined ? url : String((JSON.parse(running) as { url?: unknown }).url);
  if (found === '') {
    throw new CommandError('usage', `no cluster runs on the data folder ${data}; name one with --url or --data`);
  }
  const password = process.env.SPECTRUM_PASSWORD || readIfThere(join(data, 'admin-password'))?.trim();
  if (!password) throw new CommandError('usage', `the password of ${user} is not known; set SPECTRUM_PASSWORD`);
  return { url: found.replace(/\/+$/, ''), user, password };
}

export function openClient({ url, user, password }: ManagementAccess): ManagementClient {
  return new ManagementClient({ url, credentials: { user, password } });
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
