// Removes a deployment with its data: protections are lifted by an update of the stacks, buckets emptied, stacks deleted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';

/** Names of the deployments that the stacks belong to. */
export function deploymentsOf(stacks) {
  const names = stacks.flatMap((stack) => /^(.+?)(-[a-z]{2}-[a-z]+-\d)?-foundation$/.exec(stack)?.[1] ?? []);
  return [...new Set(names)];
}

/** True when a person, or `confirmed` on the command line, named exactly what will be gone. */
export async function confirmRemoval(names, confirmed) {
  const wanted = names.join(',');
  console.error(
    `Removed for good: tables, reference data, buckets and secrets of ${wanted}. Backups and their key stay.`,
  );
  if (confirmed !== undefined) return confirmed === wanted;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Type "${wanted}" to go on: `);
  terminal.close();
  return answer.trim() === wanted;
}

/**
 * @param cdk runs the CDK with these words and answers its exit code
 * @param unprotected the app, or cloud assembly, whose templates lift the protections
 * @param stacks every stack, in the order of deployment
 * @param holdsData tells stacks that others stand on
 */
export async function removeEverything(cdk, unprotected, stacks, holdsData, emptyBucket = emptyS3Bucket) {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-removal-'));
  const outputs = join(folder, 'outputs.json');
  try {
    const options = ['--app', unprotected, '--require-approval', 'never', '--outputs-file', outputs];
    const lifted = cdk('deploy', '--all', '--progress', 'events', ...options);
    if (lifted !== 0) return lifted;
    const values = Object.values(JSON.parse(readFileSync(outputs, 'utf8')));
    const buckets = values.flatMap((stack) =>
      Object.entries(stack).flatMap(([name, value]) => (name.endsWith('Bucket') ? [value] : [])),
    );
    const computing = stacks.filter((stack) => !holdsData(stack));
    for (const part of [computing, stacks.filter(holdsData)]) {
      // Again before the second part: access logs arrive until the balancers are gone.
      for (const bucket of buckets) await emptyBucket(bucket);
      if (part.length === 0) continue;
      const status = cdk('destroy', ...part, '--force', '--app', unprotected);
      if (status !== 0) return status;
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Deletes every version of every object; a bucket that is gone already is empty. */
async function emptyS3Bucket(bucket) {
  const { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    followRegionRedirects: true,
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined,
  });
  let removed = 0;
  try {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket }),
      );
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      if (Errors.length > 0) throw new Error(`${bucket}/${Errors[0].Key}: ${Errors[0].Message}`);
      removed += Objects.length;
    }
  } catch (error) {
    if (error.name !== 'NoSuchBucket') throw error;
  } finally {
    client.destroy();
  }
  console.error(`${bucket}: ${removed} versions of objects removed`);
}
