import { SpectrumError } from '../foundation/errors.ts';

/** Where a secret lies; configuration objects hold nothing else of it. */
export type SecretReference =
  /** `secret:<name>`: in the store of this installation. */
  | { readonly kind: 'stored'; readonly name: string }
  /** ARN of a Secrets Manager secret. */
  | { readonly kind: 'managed'; readonly arn: string };

const namePattern = /^[\w/+=.@-]{1,200}$/;

/** Reads a reference; throws `INVALID_REQUEST` for anything else. */
export function parseSecretReference(text: string): SecretReference {
  if (/^arn:aws[\w-]*:secretsmanager:[\w:/+=.@-]+$/.test(text)) return { kind: 'managed', arn: text };
  const [, name] = /^secret:(.*)$/.exec(text) ?? [];
  if (name !== undefined) return { kind: 'stored', name: checkSecretName(name) };
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${JSON.stringify(text.slice(0, 100))} is no secret reference; use secret:<name> or the ARN of a Secrets Manager secret`,
    {},
  );
}

/** The name again; throws `INVALID_REQUEST` when no secret can have it. */
export function checkSecretName(name: string): string {
  if (namePattern.test(name)) return name;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${JSON.stringify(name.slice(0, 100))} is no name of a secret; use 1 to 200 letters, digits and / + = . @ - _`,
    {},
  );
}
