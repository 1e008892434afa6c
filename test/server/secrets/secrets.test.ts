import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileSecrets, openSecrets } from '../../../server/secrets/index.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:erp-AbCdEf';
const binary = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:binary-AbCdEf';
let folder: string;
/** Secrets Manager in miniature: one call, as the real one answers it. */
let manager: Server;
let asked: string[];
const variables = { ...process.env };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await openFileSecrets(folder).set('erp', 'from the folder');
  manager = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { SecretId: id } = JSON.parse(body) as { SecretId: string };
      asked.push(`${request.headers['x-amz-target']} ${id}`);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if (id === binary) response.end(JSON.stringify({ ARN: id, SecretBinary: 'AAEC' }));
      else if (id === arn || id === 'erp') response.end(JSON.stringify({ ARN: id, SecretString: 'from the manager' }));
      else {
        response.writeHead(400);
        response.end(JSON.stringify({ __type: 'ResourceNotFoundException', message: 'not there' }));
      }
    });
  });
  await new Promise<void>((done) => manager.listen(0, '127.0.0.1', done));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(manager.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  process.env = variables;
  manager.closeAllConnections();
  await new Promise((done) => manager.close(done));
  await rm(folder, { recursive: true });
});

test.each<[string, boolean, string, string]>([
  ['a name on one machine', true, 'secret:erp', 'from the folder'],
  ['a name on AWS', false, 'secret:erp', 'from the manager'],
  ['an ARN', false, arn, 'from the manager'],
  ['an ARN on one machine', true, arn, 'from the manager'],
])('%s leads to its secret', async (_title, isLocal, reference, secret) => {
  const secrets = openSecrets({ folder: isLocal ? folder : undefined });
  expect(await secrets.resolve(reference)).toBe(secret);
  secrets.close();
  const id = reference === arn ? arn : 'erp';
  expect(asked).toEqual(secret === 'from the folder' ? [] : [`secretsmanager.GetSecretValue ${id}`]);
});

test.each<[string, string, string, string]>([
  ['an unknown name', 'secret:nobody', 'SECRET_UNREADABLE', 'spectrum secret set nobody'],
  ['an unknown ARN', `${arn}x`, 'SECRET_UNREADABLE', 'ResourceNotFoundException'],
  ['a binary secret', binary, 'SECRET_UNREADABLE', 'is binary'],
  ['a password itself', 'correct horse', 'INVALID_REQUEST', 'is no secret reference'],
])('%s is refused with a sentence', async (_title, reference, code, words) => {
  const secrets = openSecrets({ folder });
  await expect(secrets.resolve(reference)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  secrets.close();
});
