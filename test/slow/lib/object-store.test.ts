import { randomUUID } from 'node:crypto';
import { describeObjectStore } from '../../support/object-store-cases.ts';
import { hasMoto, Moto } from './moto.ts';

// The same cases as against recorded shapes, against moto's S3.
let moto: Moto;

beforeAll(async () => {
  if (!hasMoto) return;
  moto = await Moto.start();
  await moto.put('/bucket', '');
  Object.assign(process.env, { AWS_ENDPOINT_URL: moto.url, AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' });
}, 60_000);

afterAll(async () => {
  if (hasMoto) await moto.stop();
});

if (hasMoto) describeObjectStore('S3 of moto', async () => `s3://bucket/${randomUUID()}`);
else test.skip('S3 of moto (skipped where moto is not installed)', () => undefined);
