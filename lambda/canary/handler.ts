import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { metricNames, watchEnvironment } from '../../contract/watching.ts';
import { formatMetricRecord } from '../embedded-metrics.ts';
import { required } from '../environment.ts';
import { callService } from './call.ts';

const cluster = required(process.env, watchEnvironment.cluster);
const url = required(process.env, watchEnvironment.url);
const secret = required(process.env, watchEnvironment.credentialsSecret);
const endpoint = process.env[watchEnvironment.awsEndpoint];
const secrets = new SecretsManagerClient(endpoint ? { endpoint } : {});

/** Once a minute: one real call through the public address, published as success and duration. */
export async function handler() {
  // Read every time: a changed password must not fail the canary until the Lambda is replaced.
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  const result = await callService(url, 'admin', SecretString ?? '');
  const metrics = { [metricNames.canarySuccess]: result.succeeded ? 1 : 0, [metricNames.canaryMs]: result.answerMs };
  const record = { dimensions: { Cluster: cluster }, metrics, properties: { problem: result.problem } };
  process.stdout.write(`${formatMetricRecord(record, Date.now())}\n`);
  return result;
}
