import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { digestText } from './canonical.ts';
import type { ChunkedValue } from './change.ts';
import { chunkPartition, chunkSort } from './keys.ts';
import type { Condition, Item, Table } from './table.ts';

/** Values up to this many bytes lie in their change, so that one page of the log carries hundreds of changes. */
export const inlineValueBytes = 4_096;

/** Largest value of one object; past it the write is refused. */
export const largestValueBytes = 8 * 1024 * 1024;

/** A start reads every chunk of a snapshot, so few and large ones: 400 KB is the most that an item of DynamoDB holds. */
const largestChunkBytes = 288 * 1024;

/** At most this much of a text is in a chunk, and half of it, or a quarter, where it does not compress so well. */
const chunkCharacters = 768 * 1024;

/** Chunks moved at a time: enough to fill a connection, few enough for a small node and for others to be served between. */
const chunksAtATime = 4;

interface Chunk {
  readonly text: string;
  readonly data: Uint8Array;
}

/** Cuts a text into chunks that never split a surrogate pair; equal texts give equal chunks. */
function* cutIntoChunks(text: string): Generator<Chunk> {
  for (let start = 0, characters = chunkCharacters; start < text.length; ) {
    const end = Math.min(start + characters, text.length);
    const stop = end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
    const part = text.slice(start, stop);
    const data = deflateRawSync(Buffer.from(part, 'utf8'));
    if (data.length > largestChunkBytes) {
      characters /= 2;
      continue;
    }
    yield { text: part, data };
    start = stop;
  }
}

/** The place in the log for which a chunk was stored: what is to name it stands there, or a writer was faster. */
export interface ChunkPurpose {
  readonly epoch: number;
  readonly revision: number;
}

/** Attribute of a chunk that says its latest purpose; those of older versions have none. */
export const purposeAttribute = 'purpose';

/**
 * Stores a text under the digests of its chunks. A chunk that is there already gets the later purpose: until the log is
 * beyond it, nobody may take the chunk for garbage.
 */
export async function writeChunks(
  table: Table,
  clusterName: string,
  text: string,
  purpose: ChunkPurpose,
): Promise<ChunkedValue> {
  const chunks = await inGroups(cutIntoChunks(text), (chunk) => writePart(table, clusterName, chunk, purpose));
  return { digest: digestText(text), chunks };
}

/** Undefined for a chunk of an older version. */
export function purposeOf({ attributes }: Item): ChunkPurpose | undefined {
  const [epoch, revision] = String(attributes[purposeAttribute] ?? '').split('.');
  return revision === undefined ? undefined : { epoch: Number(epoch), revision: Number(revision) };
}

/** Order of the log, over its epochs. */
export function isBefore(a: ChunkPurpose, b: ChunkPurpose): boolean {
  return a.epoch === b.epoch ? a.revision < b.revision : a.epoch < b.epoch;
}

/** The text of the chunks, in order; undefined while one is missing or damaged. */
export async function readChunks(table: Table, clusterName: string, value: ChunkedValue): Promise<string | undefined> {
  const parts = await inGroups(value.chunks, (digest) => readPart(table, clusterName, digest));
  const text = parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  return text !== undefined && digestText(text) === value.digest ? text : undefined;
}

async function inGroups<From, To>(all: Iterable<From>, run: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  let group: Promise<To>[] = [];
  for (const one of all) {
    group.push(run(one));
    if (group.length < chunksAtATime) continue;
    results.push(...(await Promise.all(group)));
    group = [];
  }
  return [...results, ...(await Promise.all(group))];
}

async function writePart(
  table: Table,
  clusterName: string,
  { text, data }: Chunk,
  purpose: ChunkPurpose,
): Promise<string> {
  const digest = digestText(text);
  const key = { partition: chunkPartition(clusterName, digest), sort: chunkSort };
  const attributes = { data, [purposeAttribute]: `${purpose.epoch}.${purpose.revision}` };
  for (let condition: Condition = 'absent'; (await table.put(key, attributes, condition)) === 'refused'; ) {
    const standing = await table.get(key, 'strong');
    const known = standing && purposeOf(standing);
    // A chunk without a purpose is never collected.
    if (standing && (!known || !isBefore(known, purpose))) break;
    condition = standing ? { name: purposeAttribute, equals: String(standing.attributes[purposeAttribute]) } : 'absent';
  }
  return digest;
}

async function readPart(table: Table, clusterName: string, digest: string): Promise<string | undefined> {
  const key = { partition: chunkPartition(clusterName, digest), sort: chunkSort };
  // Chunks never change, so an eventual read is either right or empty; only the empty answer is asked again.
  const item = (await table.get(key, 'eventual')) ?? (await table.get(key, 'strong'));
  const data = item?.attributes.data;
  const text = data instanceof Uint8Array ? inflate(data) : undefined;
  return text !== undefined && digestText(text) === digest ? text : undefined;
}

/** Undefined for bytes that are no compressed text. */
function inflate(data: Uint8Array): string | undefined {
  try {
    return inflateRawSync(data).toString('utf8');
  } catch {
    return undefined;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
