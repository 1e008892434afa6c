import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { runtimePartitions, type WatchItem } from '../../contract/runtime-table.ts';
import { tableAttributes } from '../../contract/tables.ts';

/** What has to be remembered between two checks, in the runtime table. */
export interface WatchState {
  /** Counts one more bad check of a node; answers how many there were in a row. */
  countBadCheck(address: string): Promise<number>;
  forgetBadChecks(address: string): Promise<void>;
  /** Takes the right to stop one node; false while the last stop is too young. */
  claimStop(nowMs: number): Promise<boolean>;
}

const { partitionKey, sortKey, expiresAt } = tableAttributes;
const countAttribute: keyof WatchItem = 'badChecks';
const stopIntervalMs = 10 * 60_000;
// Checks come every minute: a node that is not bad again within three was good in between, or is gone.
const badChecksExpireS = 3 * 60;

/** The state of one cluster in the table `tableName`. */
export function openWatchState(client: DynamoDBClient, tableName: string, cluster: string): WatchState {
  const key = (name: string) => ({
    [partitionKey]: { S: `${runtimePartitions.watch}#${cluster}` },
    [sortKey]: { S: name },
  });
  return {
    async countBadCheck(address) {
      const nowS = Math.floor(Date.now() / 1000);
      const fresh = await client.send(countUp(tableName, key(`node#${address}`), nowS)).catch(refusedOnly);
      if (fresh) return Number(fresh.Attributes?.[countAttribute]?.N ?? 1);
      // The count there has expired, though the table still holds it: this check is the first of a new row.
      await client.send(startCount(tableName, key(`node#${address}`), nowS));
      return 1;
    },
    async forgetBadChecks(address) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: key(`node#${address}`) }));
    },
    async claimStop(nowMs) {
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: key('stop'),
        UpdateExpression: 'SET stoppedAtMs = :now, #expires = :expires',
        ConditionExpression: 'attribute_not_exists(stoppedAtMs) OR stoppedAtMs <= :before',
        ExpressionAttributeNames: { '#expires': expiresAt },
        ExpressionAttributeValues: {
          ':now': { N: String(nowMs) },
          ':before': { N: String(nowMs - stopIntervalMs) },
          ':expires': { N: String(Math.ceil((nowMs + 2 * stopIntervalMs) / 1000)) },
        },
      });
      return (await client.send(command).catch(refusedOnly)) !== undefined;
    },
  };
}

type Key = Record<string, { S: string }>;

function countUp(TableName: string, Key: Key, nowS: number): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: 'ADD badChecks :one SET #expires = :expires',
    ConditionExpression: 'attribute_not_exists(#expires) OR #expires >= :now',
    ExpressionAttributeNames: { '#expires': expiresAt },
    ExpressionAttributeValues: {
      ':one': { N: '1' },
      ':now': { N: String(nowS) },
      ':expires': { N: String(nowS + badChecksExpireS) },
    },
    ReturnValues: 'ALL_NEW',
  });
}

function startCount(TableName: string, Key: Key, nowS: number): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: 'SET badChecks = :one, #expires = :expires',
    ExpressionAttributeNames: { '#expires': expiresAt },
    ExpressionAttributeValues: { ':one': { N: '1' }, ':expires': { N: String(nowS + badChecksExpireS) } },
  });
}

function refusedOnly(error: unknown): undefined {
  if (error instanceof ConditionalCheckFailedException) return undefined;
  throw error;
}
