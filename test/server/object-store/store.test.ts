import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';
import { describeObjectStore } from '../../support/object-store-cases.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

let s3: FakeS3;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
const before = { ...process.env };

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  s3 = await startFakeS3();
  const given = {
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  Object.assign(process.env, given);
});

afterAll(async () => {
  process.env = before;
  await s3.close();
  await folder.remove();
});

let count = 0;
describeObjectStore('files', () => mkdtemp(join(folder.path, 'store-')));
describeObjectStore('S3, recorded shapes', async () => `s3://bucket/run-${count}`);
beforeEach(() => {
  count += 1;
});
