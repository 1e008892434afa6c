import { randomBytes } from 'node:crypto';
import { environment } from '../../contract/environment.ts';
import { defaultPasswordPolicy, findPasswordProblem } from '../../contract/password-policy.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { supportedFormat } from './kinds.ts';
import type { Configuration, ConfigurationKind, DatabaseResource } from './model.ts';
import { predefinedRoles } from './roles.ts';
import { formatSetting } from './rules.ts';

export interface BootstrapOptions {
  readonly hashPassword: (password: string) => Promise<string>;
  /** Password of the administrator if this start creates it; generated when undefined. */
  readonly adminPassword?: string | undefined;
  /** Database resources by name that a new cluster starts with. */
  readonly databaseResources?: Readonly<Record<string, DatabaseResource>> | undefined;
}

export interface BootstrapResult {
  /** The administrator's password when this node created it by generating one; nobody can read it again. */
  readonly generatedPassword?: string;
}

const administratorName = 'admin';
const author = 'system';
const reason = 'first start';

/**
 * Makes an empty configuration usable: format, predefined roles, administrator, first database resources. Running it
 * again, or on several nodes at once, changes nothing that is there.
 */
export async function bootstrapConfiguration(
  configuration: Configuration,
  options: BootstrapOptions,
): Promise<BootstrapResult> {
  // Resources and the administrator come with the first start only: somebody may have removed them since.
  const isFirstStart = !configuration.snapshot().find('user', administratorName);
  if (isFirstStart && options.adminPassword) assertAllowedPassword(options.adminPassword);
  await createIfAbsent(configuration, 'setting', formatSetting, { value: supportedFormat });
  for (const [name, role] of Object.entries(predefinedRoles)) await createIfAbsent(configuration, 'role', name, role);
  for (const [name, resource] of Object.entries(isFirstStart ? (options.databaseResources ?? {}) : {})) {
    await createIfAbsent(configuration, 'database-resource', name, resource);
  }
  return isFirstStart ? createAdministrator(configuration, options) : {};
}

function assertAllowedPassword(password: string): void {
  const problem = findPasswordProblem(password, defaultPasswordPolicy);
  if (problem === undefined) return;
  const variable = environment.adminPassword;
  throw new SpectrumError('INVALID_SETTING', `${variable} is refused by the password policy; ${problem}`, { variable });
}

async function createAdministrator(configuration: Configuration, options: BootstrapOptions): Promise<BootstrapResult> {
  const password = options.adminPassword || `${randomBytes(18).toString('base64url')}@`;
  const created = await createIfAbsent(configuration, 'user', administratorName, {
    description: 'Administrator',
    roles: ['admin'],
    passwordHash: await options.hashPassword(password),
  });
  return created && !options.adminPassword ? { generatedPassword: password } : {};
}

/** Whether this call created the object; another node that was faster is as good. */
async function createIfAbsent(
  configuration: Configuration,
  kind: ConfigurationKind,
  name: string,
  value: unknown,
): Promise<boolean> {
  if (configuration.snapshot().find(kind, name)) return false;
  try {
    await configuration.write({ kind, name, operation: 'put', value, by: author, reason, expected: 'absent' });
    return true;
  } catch (error) {
    if (error instanceof SpectrumError && error.code === 'REVISION_CONFLICT') return false;
    throw error;
  }
}
