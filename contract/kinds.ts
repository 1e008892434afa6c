import {
  choice,
  document,
  flag,
  integer,
  list,
  map,
  optional,
  preset,
  record,
  required,
  type TypedField,
  text,
  type ValueOf,
} from '../server/foundation/fields.ts';
import type { RecordField } from '../server/foundation/schema.ts';
import { permissions, type SecuredEntityType } from './permissions.ts';
import { scheduleSchema } from './schedules.ts';
import { secretReference } from './secret-reference.ts';

/** What the objects of a kind are: validation, types, the management API, its description and forms follow from it. */
export interface KindDefinition<Value = unknown> {
  readonly description: string;
  /** Last part of the path of the kind in the management API. */
  readonly collection: string;
  readonly entityType: SecuredEntityType;
  /** Objects that nodes keep for themselves are shown and not written by callers. */
  readonly writtenBy: 'callers' | 'nodes';
  readonly schema: RecordField & TypedField<Value>;
  readonly namePattern: RegExp;
  /** What the pattern allows, in words. */
  readonly nameAllowed: string;
  /** The configuration format that every node must understand before the kind may be written. */
  readonly since: number;
}

/** Ends of runs that are told; `malformed` whatever the end is, when records were. */
const notifiedOutcomes = ['succeeded', 'failed', 'cancelled', 'malformed'] as const;

/** Object kinds and their schemas (platform reference section 1.1). A new kind is one row. */
export const kinds = {
  user: kind(
    { collection: 'users', entityType: 'Security - Users', ...asciiName('user') },
    record('A person or program that logs in', {
      description: preset(text('Who this is', { maximum: 500 }), ''),
      email: preset(text('Where notices go', { maximum: 320 }), ''),
      enabled: preset(flag('A disabled user keeps its record and cannot log in'), true),
      roles: preset(list('What the user may do is the sum of these', reference('role', 'A role'), 100), []),
      passwordHash: required(
        text('Hash of the password', {
          maximum: 500,
          pattern: /^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/,
          allowed: 'scrypt$N$r$p$salt$hash in base64url',
          visibility: 'hidden',
          sentAs: 'password',
        }),
      ),
      tokenGeneration: preset(integer('Raised to end every token of the user', 0, 2_147_483_647), 0),
    }),
  ),
  role: kind(
    { collection: 'roles', entityType: 'Security - Roles', ...plainName() },
    record('A set of permissions', {
      description: preset(text('What the role is for', { maximum: 500 }), ''),
      permissions: required(
        map(
          'Permissions by secured entity type; * stands for every type',
          list('Permissions', choice('A permission', permissions), permissions.length),
          500,
        ),
      ),
    }),
  ),
  'access-control': kind(
    { collection: 'access-control', entityType: 'Security - Access Control', ...plainName() },
    record('Permissions of one user or role on one object, instead of the role permissions', {
      user: optional(reference('user', 'The user concerned')),
      role: optional(reference('role', 'The role concerned')),
      entityType: required(text('Secured entity type, such as Dataflows', { maximum: 100, minimum: 1 })),
      entity: required(text('Name of the object', { maximum: 200, minimum: 1 })),
      permissions: required(list('What is allowed', choice('A permission', permissions), permissions.length)),
    }),
  ),
  dataflow: kind(
    { collection: 'dataflows', entityType: 'Dataflows', ...plainName() },
    flow('A dataflow with its versions'),
  ),
  'process-flow': kind(
    { collection: 'process-flows', entityType: 'Process Flows', ...plainName() },
    flow('A process flow with its versions'),
  ),
  schedule: kind({ collection: 'schedules', entityType: 'Schedules', ...plainName() }, scheduleSchema),
  'service-default': kind(
    { collection: 'service-defaults', entityType: 'Services', ...plainName() },
    record('Default options of a service', {
      options: preset(map('Option name to value', text('Value as a request would send it'), 500), {}),
      databaseResources: preset(
        map('Option name to the database used', reference('database-resource', 'A database resource'), 50),
        {},
      ),
      nodeGroup: optional(reference('node-group', 'Where the service runs; every node when absent')),
    }),
  ),
  'database-resource': kind(
    { collection: 'database-resources', entityType: 'Database Resources', ...plainName() },
    record('A reference database that services use', {
      module: required(choice('Module that reads it', ['addressing', 'geocoding'])),
      database: required(fileName('Folder below the reference data')),
      vintage: required(fileName('Folder of the vintage')),
      poolSize: optional(integer('Requests at a time on one node', 1, 256)),
    }),
  ),
  connection: kind(
    { collection: 'connections', entityType: 'Resources - JDBC Connections/Drivers', ...plainName() },
    record('A database or service outside', {
      type: required(text('Such as jdbc', { maximum: 50, minimum: 1 })),
      settings: preset(map('Settings of the type', text('Value'), 100), {}),
      secret: optional(secretReference('Where the password is kept')),
    }),
  ),
  'file-server': kind(
    { collection: 'file-servers', entityType: 'Resources - File Servers', ...plainName() },
    record('A server whose files flows read and write', {
      type: required(choice('Protocol', ['ftp', 'ftps', 'sftp', 's3', 'azure-blob', 'google-cloud-storage'])),
      host: required(text('Host name, or bucket', { maximum: 255, minimum: 1 })),
      port: optional(integer('Port', 1, 65_535)),
      user: preset(text('User name, or access key', { maximum: 320 }), ''),
      settings: preset(map('Settings of the protocol', text('Value'), 100), {}),
      secret: optional(secretReference('Where the password or key is kept')),
    }),
  ),
  'node-group': kind(
    { collection: 'node-groups', entityType: 'Remote Servers', ...plainName() },
    record('Nodes that run chosen services', {
      description: preset(text('What the group is for', { maximum: 500 }), ''),
      services: required(
        list('Services that only this group runs', text('Service name', { maximum: 200, minimum: 1 })),
      ),
    }),
  ),
  licence: kind(
    { collection: 'licences', entityType: 'Licensing', ...plainName() },
    record('A licensed feature', {
      feature: required(text('What is licensed', { maximum: 200, minimum: 1 })),
      type: required(choice('What limits it', ['time', 'usage', 'unlimited'])),
      expires: optional(
        text('Last day, such as 2027-03-31', {
          maximum: 10,
          minimum: 10,
          pattern: /^\d{4}-\d\d-\d\d$/,
          allowed: 'a day as YYYY-MM-DD',
        }),
      ),
      limit: optional(integer('Transactions allowed', 0, Number.MAX_SAFE_INTEGER)),
    }),
  ),
  notification: kind(
    { collection: 'notifications', entityType: 'Notification', ...plainName() },
    record('Who is told about what', {
      event: required(choice('What happens', ['licence-expiry', 'job-start', 'job-end', 'node-down'])),
      recipients: required(list('Addresses of mail', text('Address', { maximum: 320, minimum: 3 }), 100)),
      daysBefore: optional(integer('How early a licence is announced', 0, 365)),
      flow: optional(
        text('Of job-start and job-end: the dataflow or process flow; every one when absent', {
          maximum: 200,
          minimum: 1,
        }),
      ),
      outcomes: preset(list('Of job-end: which ends are told', choice('An end', notifiedOutcomes), 4), ['failed']),
      malformedOver: preset(integer('Of malformed: told when more records are', 0, 2_147_483_647), 0),
    }),
  ),
  'token-key': kind(
    { collection: 'token-keys', entityType: 'Tokens', writtenBy: 'nodes', ...plainName() },
    record('A key that tokens are sealed with', {
      number: required(integer('Counts up; the highest seals new tokens', 1, 1_000_000)),
      secret: required(
        text('The key', {
          maximum: 43,
          minimum: 43,
          pattern: /^[\w-]{43}$/,
          allowed: '32 bytes in base64url',
          visibility: 'hidden',
        }),
      ),
      createdAtMs: required(moment('When it was made')),
    }),
  ),
  'token-revocation': kind(
    { collection: 'token-revocations', entityType: 'Tokens', writtenBy: 'nodes', ...plainName() },
    record('A token that was logged off', {
      user: required(text('Whose token it was', { maximum: 100, minimum: 1 })),
      expiresAtMs: required(moment('When it would have ended, 0 for never')),
    }),
  ),
  setting: kind(
    { collection: 'settings', entityType: 'Platform', ...plainName() },
    record('One setting of the whole cluster', { value: required(document('Any JSON')) }),
  ),
} as const satisfies Readonly<Record<string, KindDefinition>>;

export type ConfigurationKind = keyof typeof kinds;

/** Value of an object of the kind, as it is stored. */
export type ObjectValue<Kind extends ConfigurationKind> = ValueOf<(typeof kinds)[Kind]['schema']>;

type Placing = Pick<KindDefinition, 'collection' | 'entityType' | 'namePattern' | 'nameAllowed'> &
  Partial<Pick<KindDefinition, 'writtenBy'>>;

function kind<Value>(placing: Placing, schema: RecordField & TypedField<Value>): KindDefinition<Value> {
  return { writtenBy: 'callers', ...placing, description: schema.description, schema, since: 1 };
}

function flow(description: string) {
  return record(description, {
    exposedVersion: optional(integer('The version that callers get; none when absent', 1, 1_000_000)),
    latest: required(document('The latest saved document')),
    versions: preset(
      list(
        'Saved versions',
        record('A version, never changed', {
          number: required(integer('Counts up from 1', 1, 1_000_000)),
          comment: preset(text('Why it was saved', { maximum: 2_000 }), ''),
          document: required(document('The document of the version')),
        }),
        1_000,
        'number',
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

function fileName(description: string): TypedField<string> {
  return text(description, {
    maximum: 100,
    minimum: 1,
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    allowed: 'letters, digits, dot, underscore and hyphen, not starting with a sign',
  });
}

function reference(refersTo: string, description: string): TypedField<string> {
  return text(description, { maximum: 200, minimum: 1, refersTo });
}

function moment(description: string): TypedField<number> {
  return integer(`${description}, in milliseconds since 1970`, 0, Number.MAX_SAFE_INTEGER);
}
