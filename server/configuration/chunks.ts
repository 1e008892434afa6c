import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { digestText } from './canonical.ts';
import type { ChunkedValue } from './change.ts';
import { chunkPartition, chunkSort } from './keys.ts';
import type { Table } from './table.ts';

/** Values up to this many bytes lie in their change, so that one page of the log carries hundreds of changes. */
export const inlineValueBytes = 4_096;

/** Largest value of one object; past it the write is refused. */
export const largestValueBytes = 8 * 1024 * 1024;

/** A chunk is stored compressed, and stays below DynamoDB's 400 KB item even where it does not compress. */
const chunkCharacters = 96 * 1024;

/** Chunks moved at a time: enough to fill a connection, few enough for a small node. */
const chunksAtATime = 16;

/** Cuts a text into chunks that never split a surrogate pair. */
function cutIntoChunks(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + chunkCharacters, text.length);
    const stop = end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
    parts.push(text.slice(start, stop));
    start = stop;
  }
  return parts;
}

/** Stores a text under the digests of its chunks; storing the same text again changes nothing. */
export async function writeChunks(table: Table, clusterName: string, text: string): Promise<ChunkedValue> {
  const chunks = await inGroups(cutIntoChunks(text), (part) => writePart(table, clusterName, part));
  return { digest: digestText(text), chunks };
}

/** The text of the chunks, in order; undefined while one is missing or damaged. */
export async function readChunks(table: Table, clusterName: string, value: ChunkedValue): Promise<string | undefined> {
  const parts = await inGroups(value.chunks, (digest) => readPart(table, clusterName, digest));
  const text = parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  return text !== undefined && digestText(text) === value.digest ? text : undefined;
}

async function inGroups<From, To>(all: readonly From[], run: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  for (let start = 0; start < all.length; start += chunksAtATime) {
    results.push(...(await Promise.all(all.slice(start, start + chunksAtATime).map(run))));
  }
  return results;
}

async function writePart(table: Table, clusterName: string, part: string): Promise<string> {
  const digest = digestText(part);
  const key = { partition: chunkPartition(clusterName, digest), sort: chunkSort };
  await table.put(key, { data: deflateRawSync(Buffer.from(part, 'utf8')) }, 'absent');
  return digest;
}

async function readPart(table: Table, clusterName: string, digest: string): Promise<string | undefined> {
  const key = { partition: chunkPartition(clusterName, digest), sort: chunkSort };
  // Chunks never change, so an eventual read is either right or empty; only the empty answer is asked again.
  const item = (await table.get(key, 'eventual')) ?? (await table.get(key, 'strong'));
  const data = item?.attributes.data;
  if (!(data instanceof Uint8Array)) return undefined;
  const text = inflateRawSync(data).toString('utf8');
  return digestText(text) === digest ? text : undefined;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
