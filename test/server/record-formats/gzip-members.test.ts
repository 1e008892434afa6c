import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { GzipMembers } from '../../../server/record-formats/gzip-members.ts';

const stream = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 31) % 251));

function compress(cuts: readonly number[], restartAt: number): Buffer {
  let members = new GzipMembers();
  const written: Buffer[] = [];
  const ends = [...cuts, stream.length].sort((a, b) => a - b);
  for (const [index, end] of ends.entries()) {
    written.push(members.add(stream.subarray(ends[index - 1] ?? 0, end)));
    if (index === restartAt) members = new GzipMembers(members.pending);
  }
  return Buffer.concat([...written, members.end(false)]);
}

test('the same stream gives the same file, however it is cut and wherever another writer went on', () => {
  const whole = compress([], -1);
  expect(gunzipSync(whole).equals(stream)).toBe(true);
  const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, fc.integer({ min: 0, max: 6 }), (at, restart) => compress(at, restart).equals(whole)),
    {
      numRuns: 30,
    },
  );
});

test('an empty file is a member too', () => {
  expect(gunzipSync(new GzipMembers().end(true))).toHaveLength(0);
});
