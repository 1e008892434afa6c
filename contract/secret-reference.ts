import { type TypedField, text } from '../server/foundation/fields.ts';

/** `secret:` and the name under which the secret store keeps it; the secret itself is never stored here. */
export function secretReference(description: string): TypedField<string> {
  return text(description, {
    maximum: 500,
    minimum: 1,
    pattern: /^(secret:[\w/+=.@-]+|arn:aws[\w-]*:secretsmanager:[\w:/+=.@-]+)$/,
    allowed: 'secret:<name> or the ARN of a Secrets Manager secret',
    visibility: 'hidden',
  });
}
