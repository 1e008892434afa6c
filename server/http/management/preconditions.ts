import type { IncomingHttpHeaders } from 'node:http';
import type { ConfigurationObject, ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { parseRevision } from '../security/revision-gate.ts';

/**
 * What the caller has seen, from `If-Match` or `If-None-Match: *`. Throws `REVISION_REQUIRED` when neither is there
 * (design section 3, causality): an update nobody has looked at first may undo another.
 */
export function readPrecondition(
  headers: IncomingHttpHeaders,
  current: ConfigurationObject | undefined,
): 'absent' | number {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifNoneMatch?.trim() === '*') return 'absent';
  if (ifMatch === undefined) {
    throw new SpectrumError(
      'REVISION_REQUIRED',
      'Send If-Match with the ETag you have read, or If-None-Match: * to create',
      current === undefined ? {} : { revision: current.revision },
    );
  }
  // The object as it is, whatever it is: still refused when it is changed between here and the commit.
  if (ifMatch.trim() === '*') return current?.revision ?? 0;
  const revision = parseRevision(ifMatch);
  if (revision !== undefined) return revision;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `If-Match: ${JSON.stringify(ifMatch.slice(0, 64))} is not an ETag of this server; send one as it was read`,
    {},
  );
}

/** `"<epoch>.<revision>"`, quoted as an entity tag. */
export function entityTag(snapshot: ConfigurationSnapshot, revision: number): string {
  return `"${snapshot.epoch}.${revision}"`;
}
