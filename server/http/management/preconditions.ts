import type { ConfigurationObject, ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ManagementCall, ManagementDesk, ObjectChange } from './desk.ts';

/**
 * What the caller has seen, from `If-Match` or `If-None-Match: *`. Throws `REVISION_REQUIRED` when neither is there
 * (design section 3, causality): an update nobody has looked at first may undo another.
 */
export function readPrecondition(
  desk: ManagementDesk,
  call: ManagementCall,
  target: Pick<ObjectChange, 'kind' | 'name'>,
): 'absent' | number {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.request.headers;
  if (ifNoneMatch?.trim() === '*') return 'absent';
  const snapshot = desk.snapshot();
  const current = snapshot.find(target.kind, target.name);
  if (ifMatch === undefined) throw revisionRequired(snapshot, current);
  // The object as it is, whatever it is: still refused when it is changed between here and the commit.
  if (ifMatch.trim() === '*') return current?.revision ?? 0;
  const [, epoch, revision] = /^(?:W\/)?"?(\d{1,9})\.(\d{1,15})"?$/.exec(ifMatch.trim()) ?? [];
  if (revision === undefined) {
    throw new SpectrumError(
      'INVALID_REQUEST',
      `If-Match: ${JSON.stringify(ifMatch.slice(0, 64))} is not an ETag of this server; send one as it was read`,
      { field: 'If-Match' },
    );
  }
  // After a forced move the same number may stand for another change.
  if (Number(epoch) !== snapshot.epoch) {
    const sentence = `If-Match: ${ifMatch} is of epoch ${epoch}, the configuration is in epoch ${snapshot.epoch}; read the object again`;
    throw desk.conflict(call, { ...target, expected: 0 }, sentence);
  }
  return Number(revision);
}

/** `"<epoch>.<revision>"`, quoted as an entity tag. */
export function entityTag(snapshot: ConfigurationSnapshot, revision: number): string {
  return `"${snapshot.epoch}.${revision}"`;
}

/** Answers 304 and tells so when the caller has this representation already. */
export function isNotModified({ request, reply }: ManagementCall, tag: string): boolean {
  reply.header('etag', tag);
  const known = String(request.headers['if-none-match'] ?? '').split(',');
  if (!known.some((one) => one.trim().replace(/^W\//, '') === tag)) return false;
  reply.code(304).send();
  return true;
}

function revisionRequired({ epoch }: ConfigurationSnapshot, current: ConfigurationObject | undefined): SpectrumError {
  return new SpectrumError(
    'REVISION_REQUIRED',
    'Send If-Match with the ETag you have read, or If-None-Match: * to create',
    current === undefined ? {} : { revision: `${epoch}.${current.revision}` },
  );
}
