import {
  type AttributeValue as AwsValue,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { tableAttributes } from '../../contract/tables.ts';
import {
  type Attributes,
  type AttributeValue,
  type Condition,
  type Item,
  type Key,
  type Range,
  type Reading,
  type Scan,
  type Table,
  TableError,
} from './table.ts';

export interface TableSettings {
  readonly tableName: string;
  /** Of any DynamoDB-compatible server; the region's own DynamoDB when undefined. */
  readonly endpoint?: string | undefined;
  /** The process's own region (environment, profile) when undefined. */
  readonly region?: string | undefined;
  /** One call, its connection included. */
  readonly callTimeoutMs?: number | undefined;
}

const { partitionKey, sortKey } = tableAttributes;
const defaultCallTimeoutMs = 2_000;
const tableCreationMs = 60_000;
const describeIntervalMs = 50;

/** A table over the AWS SDK; each call is tried once, since the callers settle doubtful outcomes themselves. */
export function openDynamoTable(settings: TableSettings): Table {
  const client = createClient(settings);
  const TableName = settings.tableName;
  const timeoutMs = settings.callTimeoutMs ?? defaultCallTimeoutMs;
  const limits = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });

  return {
    async get(key, reading) {
      const command = new GetItemCommand({ TableName, Key: toAwsKey(key), ConsistentRead: reading === 'strong' });
      const { Item: found } = await named(client.send(command, limits()));
      return found && fromAws(found);
    },
    async query(range, reading) {
      const answer = await named(client.send(queryCommand(TableName, range, reading), limits()));
      return {
        items: (answer.Items ?? []).map(fromAws),
        hasMore: answer.LastEvaluatedKey !== undefined,
        readUnits: answer.ConsumedCapacity?.CapacityUnits ?? 0,
      };
    },
    put(key, attributes, condition) {
      const item = { ...toAwsKey(key), ...mapValues(attributes, toAws) };
      return conditional(
        client.send(new PutItemCommand({ TableName, Item: item, ...toCondition(condition) }), limits()),
      );
    },
    delete(key, condition) {
      const command = new DeleteItemCommand({ TableName, Key: toAwsKey(key), ...toCondition(condition) });
      return conditional(client.send(command, limits()));
    },
    async scan(scan) {
      const answer = await named(client.send(scanCommand(TableName, scan), limits()));
      const next = answer.LastEvaluatedKey;
      return { items: (answer.Items ?? []).map(fromAws), next: next && fromAws(next).key };
    },
    close: () => client.destroy(),
  };
}

/** Creates the table when it is missing and resolves once it is usable; safe to call from many nodes at once. */
export async function ensureDynamoTable(settings: TableSettings): Promise<void> {
  const client = createClient(settings);
  try {
    const status = await tableStatus(client, settings.tableName);
    if (status === 'ACTIVE') return;
    if (status === undefined) await createTable(client, settings.tableName);
    const deadlineMs = performance.now() + tableCreationMs;
    while ((await tableStatus(client, settings.tableName)) !== 'ACTIVE') {
      if (performance.now() > deadlineMs) {
        throw new TableError('unreachable', `Table ${settings.tableName} did not become usable in time`);
      }
      await new Promise((resolve) => setTimeout(resolve, describeIntervalMs));
    }
  } finally {
    client.destroy();
  }
}

function createClient(settings: TableSettings): DynamoDBClient {
  // The SDK's documented switch for its notice about Node versions; other warnings stay.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const shared = { maxAttempts: 1, ...(settings.region && { region: settings.region }) };
  const local = {
    region: 'us-east-1',
    ...shared,
    // A compatible server checks no identity, but the protocol wants a signature.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const client = new DynamoDBClient(settings.endpoint ? { ...local, endpoint: settings.endpoint } : shared);
  // It copies every answer for a log that nobody keeps: of a page of changes that is a third of the work.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

async function tableStatus(client: DynamoDBClient, TableName: string): Promise<string | undefined> {
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName }));
    return found?.TableStatus;
  } catch (error) {
    if (nameOf(error) === 'ResourceNotFoundException') return undefined;
    throw toTableError(error);
  }
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName,
    AttributeDefinitions: [
      { AttributeName: partitionKey, AttributeType: 'S' },
      { AttributeName: sortKey, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  try {
    await client.send(command);
  } catch (error) {
    // Another node was faster.
    if (!(error instanceof ResourceInUseException)) throw toTableError(error);
  }
}

function queryCommand(TableName: string, range: Range, reading: Reading): QueryCommand {
  return new QueryCommand({
    TableName,
    KeyConditionExpression: '#p = :p AND #s BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#p': partitionKey, '#s': sortKey },
    ExpressionAttributeValues: {
      ':p': { S: range.partition },
      ':from': { S: range.from },
      ':to': { S: range.to },
    },
    Limit: range.limit,
    ScanIndexForward: range.order === 'ascending',
    ConsistentRead: reading === 'strong',
    ReturnConsumedCapacity: 'TOTAL',
  });
}

function scanCommand(TableName: string, { partitionPrefix, attribute, after }: Scan): ScanCommand {
  return new ScanCommand({
    TableName,
    FilterExpression: 'begins_with(#p, :prefix)',
    ProjectionExpression: '#p, #s, #a',
    ExpressionAttributeNames: { '#p': partitionKey, '#s': sortKey, '#a': attribute },
    ExpressionAttributeValues: { ':prefix': { S: partitionPrefix } },
    ...(after && { ExclusiveStartKey: toAwsKey(after) }),
  });
}

function toCondition(condition: Condition): ConditionInput {
  if (condition === 'none') return {};
  if (condition === 'absent') {
    return { ConditionExpression: 'attribute_not_exists(#p)', ExpressionAttributeNames: { '#p': partitionKey } };
  }
  return {
    ConditionExpression: '#n = :v',
    ExpressionAttributeNames: { '#n': condition.name },
    ExpressionAttributeValues: { ':v': toAws(condition.equals) },
  };
}

interface ConditionInput {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AwsValue>;
}

async function conditional(call: Promise<unknown>): Promise<'written' | 'refused'> {
  try {
    await call;
    return 'written';
  } catch (error) {
    if (nameOf(error) === 'ConditionalCheckFailedException') return 'refused';
    throw toTableError(error);
  }
}

async function named<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw toTableError(error);
  }
}

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

function toTableError(error: unknown): TableError {
  if (error instanceof TableError) return error;
  const name = nameOf(error);
  const message = `${name}: ${error instanceof Error ? error.message : String(error)}`;
  if (throttled.has(name)) return new TableError('throttled', message, { cause: error });
  // A replicated write conflict, like a timeout, leaves the outcome open; both are settled by a strong read.
  const transient = name === 'ReplicatedWriteConflictException' || name === 'TransactionConflictException';
  const refused = !transient && isClientFault(error);
  return new TableError(refused ? 'refused' : 'unreachable', message, { cause: error });
}

function isClientFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return '$fault' in error && error.$fault === 'client';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

function toAwsKey(key: Key): Record<string, AwsValue> {
  return { [partitionKey]: { S: key.partition }, [sortKey]: { S: key.sort } };
}

function toAws(value: AttributeValue): AwsValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: value };
  return { L: value.map((text) => ({ S: text })) };
}

function fromAws(item: Record<string, AwsValue>): Item {
  const { [partitionKey]: partition, [sortKey]: sort, ...rest } = item;
  const key = { partition: partition?.S ?? '', sort: sort?.S ?? '' };
  const attributes: Attributes = mapValues(rest, fromAwsValue);
  return { key, attributes };
}

function fromAwsValue(value: AwsValue): AttributeValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.B !== undefined) return value.B;
  if (value.L !== undefined) return value.L.map((part) => part.S ?? '');
  throw new TableError('refused', `Attribute of a type that this server never writes: ${Object.keys(value).join()}`);
}

function mapValues<From, To>(source: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  const mapped: Record<string, To> = {};
  for (const name in source) mapped[name] = convert(source[name] as From);
  return mapped;
}
