import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditArchive } from '../../server/audit-archive.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts';

const change = (revision: number) => ({
  revision,
  id: `id-${revision}`,
  operation: 'put' as const,
  kind: 'setting',
  name: 'colour',
  value: '"blue"',
  by: 'tester',
  at: '2026-01-01T00:00:00.000Z',
});
const changes = [change(7), change(8)];
const lines = changes.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('in a bucket', () => {
  const before = { ...process.env };
  let s3: FakeS3;
  let methods: string[];
  beforeEach(async () => {
    s3 = await startFakeS3();
    methods = [];
    s3.breaks = ({ method = '' }) => {
      methods.push(method);
      return false;
    };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
  });
  afterEach(async () => {
    process.env = before;
    await s3.close();
  });

  test('changes lie below the prefix, by cluster, and nothing but puts is asked for', async () => {
    const archive = openAuditArchive('s3://audit/changes');
    await archive.store('my cluster', 2, changes);
    archive.close();
    const [[name, content] = ['', Buffer.alloc(0)], ...others] = s3.objects;
    expect(others).toEqual([]);
    expect(name).toMatch(/^audit\/changes\/my%20cluster\/changes-2-7-8-[0-9a-f]{16}\.jsonl$/);
    expect(content.toString('utf8')).toBe(lines);
    expect(new Set(methods)).toEqual(new Set(['PUT']));
  });

  test('the same changes again change nothing, and none are no object', async () => {
    const archive = openAuditArchive('s3://audit/changes');
    await archive.store('test', 1, changes);
    await archive.store('test', 1, changes);
    await archive.store('test', 1, []);
    archive.close();
    expect(s3.objects.size).toBe(1);
  });

  test('a bucket that refuses is told, and nothing counts as archived', async () => {
    s3.breaks = () => true;
    const archive = openAuditArchive('s3://audit/changes');
    await expect(archive.store('test', 1, changes)).rejects.toMatchObject({ code: 'OBJECT_UNAVAILABLE' });
    archive.close();
  });
});

test('in a folder the same lines lie under the same name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    await openAuditArchive(folder).store('test', 2, changes);
    const [name = ''] = readdirSync(join(folder, 'test'));
    expect(name).toMatch(/^changes-2-7-8-[0-9a-f]{16}\.jsonl$/);
    expect(readFileSync(join(folder, 'test', name), 'utf8')).toBe(lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a place that is neither is refused at once', () => {
  expect(() => openAuditArchive('https://example.com/audit')).toThrow('use a path or s3://<bucket>/<key>');
});
