import type { Configuration, ConfigurationWrite } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { hashPassword } from './passwords.ts';
import { firstRoles } from './permissions.ts';

/** Name of the user that the first start creates. */
export const administratorName = 'admin';

/**
 * Writes the roles and, when a password is given, the administrator that a new configuration lacks. Several nodes may
 * do so at once: whoever comes second finds the object there. Existing objects are never touched.
 */
export async function createFirstAdministrator(configuration: Configuration, password: string): Promise<void> {
  const isMissing = ({ kind, name }: ConfigurationWrite) => configuration.snapshot().find(kind, name) === undefined;
  for (const [name, value] of Object.entries(firstRoles)) {
    const write = create('role', name, value);
    if (isMissing(write) && configuration.snapshot().list('user').length === 0)
      await writeUnlessThere(configuration, write);
  }
  if (password === '' || configuration.snapshot().list('user').length > 0) return;
  const user = { description: 'First administrator', email: '', enabled: true, roles: ['admin'] };
  const passwordHash = await hashPassword(password);
  await writeUnlessThere(configuration, create('user', administratorName, { ...user, passwordHash }));
}

function create(kind: 'role' | 'user', name: string, value: unknown): ConfigurationWrite {
  return {
    kind,
    name,
    operation: 'put',
    value,
    by: 'first start',
    reason: 'the configuration was empty',
    expected: 'absent',
  };
}

async function writeUnlessThere(configuration: Configuration, write: ConfigurationWrite): Promise<void> {
  try {
    await configuration.write(write);
  } catch (error) {
    if (!(error instanceof SpectrumError && error.code === 'REVISION_CONFLICT')) throw error;
  }
}
