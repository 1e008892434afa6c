import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { formatMetricRecord } from '../embedded-metrics.ts';
import { readWatchSettings } from '../environment.ts';
import { checkClocks, saveClocks, toClockRecords } from './check.ts';

const settings = readWatchSettings(process.env);
const endpoint = settings.awsEndpoint ? { endpoint: settings.awsEndpoint } : {};
const ecs = new ECSClient(endpoint);
const tables = new DynamoDBClient(endpoint);

/** Once a minute: measures every node's clock, judges each by the others, keeps and publishes the result. */
export async function handler() {
  const check = await checkClocks(settings, ecs);
  await saveClocks(tables, settings, check.clocks);
  for (const record of toClockRecords(settings, check)) {
    process.stdout.write(`${formatMetricRecord(record, Date.now())}\n`);
  }
  return check;
}
