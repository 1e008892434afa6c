import { gzipSync } from 'node:zlib';

/** Text of one member (RFC 1952 section 2.2): small enough to be kept in a checkpoint, large enough to compress well. */
const memberBytes = 65_536;

/**
 * Compresses a stream member by member, cut by the bytes alone: the same stream gives the same file, wherever a run was
 * interrupted and went on.
 */
export class GzipMembers {
  #pending: Buffer;

  /** `pending` is what an earlier writer had not compressed yet. */
  constructor(pending: Buffer = Buffer.alloc(0)) {
    this.#pending = pending;
  }

  /** What belongs to no whole member yet. */
  get pending(): Buffer {
    return this.#pending;
  }

  /** The members that are whole with these bytes. */
  add(bytes: Buffer): Buffer {
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const members: Buffer[] = [];
    let from = 0;
    for (; from + memberBytes <= all.length; from += memberBytes) {
      members.push(gzipSync(all.subarray(from, from + memberBytes)));
    }
    this.#pending = Buffer.from(all.subarray(from));
    return Buffer.concat(members);
  }

  /** The last member; an empty stream is a member too. */
  end(isEmptyFile: boolean): Buffer {
    const last = this.#pending.length > 0 || isEmptyFile ? gzipSync(this.#pending) : Buffer.alloc(0);
    this.#pending = Buffer.alloc(0);
    return last;
  }
}
