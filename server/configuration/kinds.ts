import type { Field, Member, RecordField, TextField } from '../foundation/schema.ts';
import { type ConfigurationKind, permissions } from './model.ts';

/** How objects of a kind are written. */
export interface KindDefinition {
  readonly description: string;
  readonly schema: RecordField;
  readonly namePattern: RegExp;
  /** What the pattern allows, in words. */
  readonly nameAllowed: string;
  /** The configuration format that every node must understand before the kind may be written. */
  readonly since: number;
}

/** The newest configuration format that this version writes; `setting/format` says which one is in force. */
export const supportedFormat = 1;

/** Object kinds and their schemas (platform reference section 1.1). A new kind is one row. */
export const kinds: Readonly<Record<ConfigurationKind, KindDefinition>> = {
  user: kind('A person or program that logs in', asciiName('user'), {
    description: withDefault(text('Who this is', 500), ''),
    email: withDefault(text('Where notices go', 320), ''),
    enabled: withDefault(flag('A disabled user keeps its record and cannot log in'), true),
    roles: withDefault(list('What the user may do is the sum of these', reference('role', 'A role'), 100), []),
    passwordHash: required({
      ...text('Hash of the password', 500),
      pattern: /^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/,
      allowed: 'scrypt$N$r$p$salt$hash in base64url',
      visibility: 'hidden',
    }),
    tokenGeneration: withDefault(integer('Raised to end every token of the user', 0, 2_147_483_647), 0),
  }),
  role: kind('A set of permissions', plainName(), {
    description: withDefault(text('What the role is for', 500), ''),
    permissions: required(
      map(
        'Permissions by secured entity type; * stands for every type',
        list('Permissions', choice('A permission', permissions), permissions.length),
        500,
      ),
    ),
  }),
  'access-control': kind(
    'Permissions of one user or role on one object, instead of the role permissions',
    plainName(),
    {
      user: optional(reference('user', 'The user concerned')),
      role: optional(reference('role', 'The role concerned')),
      entityType: required(text('Secured entity type, such as Dataflows', 100, 1)),
      entity: required(text('Name of the object', 200, 1)),
      permissions: required(list('What is allowed', choice('A permission', permissions), permissions.length)),
    },
  ),
  dataflow: flowKind('A dataflow with its versions'),
  'process-flow': flowKind('A process flow with its versions'),
  schedule: kind('When a flow runs', plainName(), {
    flowKind: required(choice('What runs', ['dataflow', 'process-flow'])),
    flow: required(text('Name of the flow', 200, 1)),
    enabled: withDefault(flag('A disabled schedule does not fire'), true),
    document: required({ type: 'document', description: 'Trigger and overrides, checked by the scheduler' }),
  }),
  'service-default': kind('Default options of a service', plainName(), {
    options: withDefault(map('Option name to value', text('Value as a request would send it', 4_000), 500), {}),
    databaseResources: withDefault(
      map('Option name to the database used', reference('database-resource', 'A database resource'), 50),
      {},
    ),
    nodeGroup: optional(reference('node-group', 'Where the service runs; every node when absent')),
  }),
  'database-resource': kind('A reference database that services use', plainName(), {
    module: required(choice('Module that reads it', ['addressing', 'geocoding'])),
    database: required(fileName('Folder below the reference data')),
    vintage: required(fileName('Folder of the vintage')),
    poolSize: optional(integer('Requests at a time on one node', 1, 256)),
  }),
  connection: kind('A database or service outside', plainName(), {
    type: required(text('Such as jdbc', 50, 1)),
    settings: withDefault(map('Settings of the type', text('Value', 4_000), 100), {}),
    secret: optional(secretReference('Where the password is kept')),
  }),
  'file-server': kind('A server whose files flows read and write', plainName(), {
    type: required(choice('Protocol', ['ftp', 'ftps', 'sftp', 's3', 'azure-blob', 'google-cloud-storage'])),
    host: required(text('Host name, or bucket', 255, 1)),
    port: optional(integer('Port', 1, 65_535)),
    user: withDefault(text('User name, or access key', 320), ''),
    settings: withDefault(map('Settings of the protocol', text('Value', 4_000), 100), {}),
    secret: optional(secretReference('Where the password or key is kept')),
  }),
  'node-group': kind('Nodes that run chosen services', plainName(), {
    description: withDefault(text('What the group is for', 500), ''),
    services: required(list('Services that only this group runs', text('Service name', 200, 1), 1_000)),
  }),
  licence: kind('A licensed feature', plainName(), {
    feature: required(text('What is licensed', 200, 1)),
    type: required(choice('What limits it', ['time', 'usage', 'unlimited'])),
    expires: optional({ ...text('Last day, such as 2027-03-31', 10, 10), pattern: /^\d{4}-\d\d-\d\d$/ }),
    limit: optional(integer('Transactions allowed', 0, Number.MAX_SAFE_INTEGER)),
  }),
  notification: kind('Who is told about what', plainName(), {
    event: required(choice('What happens', ['licence-expiry', 'job-end', 'node-down'])),
    recipients: required(list('Addresses of mail', text('Address', 320, 3), 100)),
    daysBefore: optional(integer('How early a licence is announced', 0, 365)),
  }),
  'token-key': kind('A key that tokens are sealed with', plainName(), {
    number: required(integer('Counts up; the highest seals new tokens', 1, 1_000_000)),
    secret: required({
      ...text('The key', 43, 43),
      pattern: /^[\w-]{43}$/,
      allowed: '32 bytes in base64url',
      visibility: 'hidden',
    }),
    createdAtMs: required(integer('When it was made, in milliseconds since 1970', 0, Number.MAX_SAFE_INTEGER)),
  }),
  'token-revocation': kind('A token that was logged off', plainName(), {
    user: required(text('Whose token it was', 100, 1)),
    expiresAtMs: required(integer('When it would have ended; 0 for never', 0, Number.MAX_SAFE_INTEGER)),
  }),
  'token-session': kind('A session that tokens belong to', plainName(), {
    usedAtMs: required(integer('When it was last seen in use', 0, Number.MAX_SAFE_INTEGER)),
  }),
  setting: kind('One setting of the whole cluster', plainName(), {
    value: required({ type: 'document', description: 'Any JSON' }),
  }),
};

export function isConfigurationKind(kind: string): kind is ConfigurationKind {
  return Object.hasOwn(kinds, kind);
}

function kind(
  description: string,
  name: Pick<KindDefinition, 'namePattern' | 'nameAllowed'>,
  fields: RecordField['fields'],
): KindDefinition {
  return { description, ...name, schema: { type: 'record', description, fields }, since: 1 };
}

function flowKind(description: string): KindDefinition {
  return kind(description, plainName(), {
    exposedVersion: optional(integer('The version that callers get; none when absent', 1, 1_000_000)),
    latest: required({ type: 'document', description: 'The latest saved document' }),
    versions: withDefault(
      list(
        'Saved versions',
        record('A version, never changed', {
          number: required(integer('Counts up from 1', 1, 1_000_000)),
          comment: withDefault(text('Why it was saved', 2_000), ''),
          document: required({ type: 'document', description: 'The document of the version' }),
        }),
        1_000,
      ),
      [],
    ),
  });
}

function plainName() {
  return {
    namePattern: /^(?! )[^\p{Cc}\p{Cs}/\\#]{1,200}(?<! )$/u,
    nameAllowed: '1 to 200 characters without control characters, /, \\, # or a space at either end',
  };
}

/** User names are ASCII and case-sensitive (platform reference section 1.1); a colon would end them in Basic. */
function asciiName(what: string) {
  return {
    namePattern: /^(?! )[ !-.0-9;-[\]-~]{1,100}(?<! )$/,
    nameAllowed: `1 to 100 printable ASCII characters for a ${what}, without :, / or \\`,
  };
}

function text(description: string, maximum: number, minimum = 0): TextField {
  return { type: 'text', description, minimum, maximum };
}

function fileName(description: string): TextField {
  return {
    ...text(description, 100, 1),
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    allowed: 'letters, digits, dot, underscore and hyphen, not starting with a sign',
  };
}

/** `secret:` and the name under which the secret store keeps it; the secret itself is never stored here. */
function secretReference(description: string): TextField {
  return {
    ...text(description, 500, 1),
    pattern: /^(secret:[\w/+=.@-]+|arn:aws[\w-]*:secretsmanager:[\w:/+=.@-]+)$/,
    allowed: 'secret:<name> or the ARN of a Secrets Manager secret',
    visibility: 'hidden',
  };
}

function reference(refersTo: ConfigurationKind, description: string): TextField {
  return { ...text(description, 200, 1), refersTo };
}

function choice(description: string, values: readonly string[]): Field {
  return { type: 'choice', description, values };
}

function integer(description: string, minimum: number, maximum: number): Field {
  return { type: 'integer', description, minimum, maximum };
}

function flag(description: string): Field {
  return { type: 'flag', description };
}

function list(description: string, of: Field, maximum: number): Field {
  return { type: 'list', description, of, maximum };
}

function map(description: string, of: Field, maximum: number): Field {
  return { type: 'map', description, of, maximum };
}

function record(description: string, fields: RecordField['fields']): RecordField {
  return { type: 'record', description, fields };
}

function required(field: Field): Member {
  return { field, absent: 'required' };
}

function optional(field: Field): Member {
  return { field, absent: 'optional' };
}

function withDefault(field: Field, value: unknown): Member {
  return { field, absent: { default: value } };
}
