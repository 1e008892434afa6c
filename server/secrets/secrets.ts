import { SpectrumError } from '../foundation/errors.ts';
import { openFileSecrets } from './file-secrets.ts';
import { openManagedSecrets } from './managed-secrets.ts';
import { parseSecretReference } from './reference.ts';

export interface SecretsProps {
  /** Folder of the store of one machine; where undefined, Secrets Manager is the store. */
  readonly folder: string | undefined;
}

/** What stands behind the references that configuration objects hold. Ask as late as possible, and keep nothing. */
export interface Secrets {
  /** The secret behind `secret:<name>` or an ARN; throws `SECRET_UNREADABLE` when there is none. */
  resolve(reference: string): Promise<string>;
  close(): void;
}

export function openSecrets({ folder }: SecretsProps): Secrets {
  const stored = folder === undefined ? undefined : openFileSecrets(folder);
  const managed = openManagedSecrets();
  return {
    async resolve(text) {
      const reference = parseSecretReference(text);
      if (reference.kind === 'managed') return managed.get(reference.arn);
      if (stored === undefined) return managed.get(reference.name);
      const secret = await stored.find(reference.name);
      if (secret !== undefined) return secret;
      const sentence = `There is no secret ${reference.name}; set it with spectrum secret set ${reference.name}`;
      throw new SpectrumError('SECRET_UNREADABLE', sentence, { name: reference.name });
    },
    close: () => managed.close(),
  };
}
