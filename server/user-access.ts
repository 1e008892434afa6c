import { randomInt } from 'node:crypto';
import {
  defaultPasswordPolicy,
  findPasswordProblem,
  type PasswordPolicy,
  passwordPolicySetting,
} from '../contract/password-policy.ts';
import { createLoginGuard } from './cluster/index.ts';
import {
  type Configuration,
  type ConfigurationSnapshot,
  openConfiguration,
  openDynamoTable,
  systemTiming,
  type User,
} from './configuration/index.ts';
import { SpectrumError } from './foundation/errors.ts';
import { hashPassword } from './http/index.ts';
import { readSettings } from './settings.ts';

/**
 * The program that lets a user in again, for whoever has access to the tables: `unlock NAME` forgets failed logins,
 * `reset NAME` also sets a password (of SPECTRUM_NEW_PASSWORD, or a generated one), enables the user and ends their
 * tokens. Reads the settings of a node; answers `{user, password?}` as JSON.
 */
async function main([action = '', name = '']: readonly string[]): Promise<void> {
  const { configurationTable, runtimeTable, configurationEndpoint, clusterName } = readSettings(process.env);
  const endpoint = configurationEndpoint || undefined;
  const table = { tableName: configurationTable, endpoint };
  const runtime = openDynamoTable({ tableName: runtimeTable || configurationTable, endpoint });
  const configuration = await openConfiguration({ table, clusterName, startTimeoutMs: 5_000 });
  const password = action === 'reset' ? choosePassword(configuration.snapshot()) : undefined;
  await renew(configuration, name, password);
  const guard = createLoginGuard({ table: runtime, clusterName, clock: systemTiming, neverLocked: [] });
  await guard.clear(name);
  await configuration.close();
  runtime.close();
  process.stdout.write(`${JSON.stringify({ user: name, password })}\n`);
}

/** Writes the user anew: failures count for one state of a user only, so that this alone lifts the lock. */
async function renew(configuration: Configuration, name: string, password: string | undefined): Promise<void> {
  const found = configuration.snapshot().find<User>('user', name);
  if (found === undefined) {
    const known = configuration
      .snapshot()
      .list('user')
      .map((user) => user.name);
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no user ${JSON.stringify(name)}; use ${known.join(', ')}`, {});
  }
  const { value, revision } = found;
  const tokenGeneration = (value.tokenGeneration ?? 0) + 1;
  const renewed =
    password === undefined ? {} : { passwordHash: await hashPassword(password), enabled: true, tokenGeneration };
  await configuration.write({
    kind: 'user',
    name,
    operation: 'put',
    value: { ...value, ...renewed },
    expected: revision,
    by: 'operator',
    reason: password === undefined ? 'unlocked at the tables' : 'password reset at the tables',
  });
}

const generatedLength = 20;
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function choosePassword(snapshot: ConfigurationSnapshot): string {
  const given = process.env.SPECTRUM_NEW_PASSWORD;
  const saved = snapshot.find<{ readonly value: Partial<PasswordPolicy> }>('setting', passwordPolicySetting)?.value
    .value;
  const policy = { ...defaultPasswordPolicy, ...saved };
  if (!given) {
    const length = Math.max(generatedLength, policy.minimumLength) - 1;
    return `${Array.from({ length }, () => letters[randomInt(letters.length)]).join('')}@`;
  }
  const problem = findPasswordProblem(given, policy);
  if (problem === undefined) return given;
  throw new SpectrumError('INVALID_OBJECT', `SPECTRUM_NEW_PASSWORD is refused by the password policy; ${problem}`, {});
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1));
});
