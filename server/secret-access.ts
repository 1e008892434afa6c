import { SpectrumError } from './foundation/errors.ts';
import { openFileSecrets, openSecrets } from './secrets/index.ts';

/**
 * The program that keeps the secrets of one machine: `set NAME` takes the secret from stdin, `list` and `delete NAME`
 * speak of names only, `check REFERENCE` says whether a reference leads to a secret. No secret is ever printed.
 */
async function main([action = '', folder = '', name = '']: readonly string[]): Promise<void> {
  const store = openFileSecrets(folder);
  switch (action) {
    case 'set':
      await store.set(name, await readSecret());
      return print(`${name} is set; refer to it as secret:${name}`);
    case 'delete':
      return print((await store.delete(name)) ? `${name} is deleted` : `There was no secret ${name}`);
    case 'list':
      for (const each of await store.list()) print(each);
      return;
    case 'check':
      await openSecrets({ folder: folder || undefined }).resolve(name);
      return print(`${name} leads to a secret`);
    default:
      throw new SpectrumError('INVALID_REQUEST', `${action} is no action; use set, list, delete or check`, {});
  }
}

/** A line end behind it is the terminal's, not the secret's. */
async function readSecret(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part));
  const secret = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (secret !== '') return secret;
  throw new SpectrumError('INVALID_REQUEST', 'The secret is empty; send it to stdin', {});
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) =>
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1)),
);
