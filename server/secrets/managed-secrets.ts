import { SpectrumError } from '../foundation/errors.ts';

/** Secrets of AWS Secrets Manager; the client is loaded and made at the first question. */
export interface ManagedSecrets {
  /** The text of a secret by name or ARN; throws `SECRET_UNREADABLE` when it cannot be had. */
  get(id: string): Promise<string>;
  close(): void;
}

export function openManagedSecrets(): ManagedSecrets {
  let client: { destroy(): void } | undefined;
  return {
    async get(id) {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      const opened = client instanceof SecretsManagerClient ? client : new SecretsManagerClient();
      client = opened;
      try {
        const { SecretString: text } = await opened.send(new GetSecretValueCommand({ SecretId: id }));
        if (text !== undefined) return text;
      } catch (error) {
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        throw new SpectrumError(
          'SECRET_UNREADABLE',
          `The secret ${id} cannot be read: ${reason}`,
          {},
          { cause: error },
        );
      }
      throw new SpectrumError('SECRET_UNREADABLE', `The secret ${id} is binary; store it as text`, {});
    },
    close: () => client?.destroy(),
  };
}
