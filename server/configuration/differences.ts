import { isPlainObject } from '../foundation/schema.ts';
import { canonicalJson } from './canonical.ts';
import { hideSecrets } from './visibility.ts';

/** One field that two values of an object do not share; `hidden` ones tell only that they differ. */
export interface Difference {
  /** Path such as `permissions.Services`. */
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly hidden?: true;
}

/** Field by field what makes `after` another value than `before`; undefined stands for an absent object. */
export function listDifferences(kind: string, before: unknown, after: unknown): readonly Difference[] {
  const shown = { before: hideSecrets(kind, before), after: hideSecrets(kind, after) };
  return compare({ before: before ?? {}, after: after ?? {} }, shown, '');
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
}

function compare(stored: Pair, shown: Pair, path: string): readonly Difference[] {
  const { before, after } = stored;
  if (isPlainObject(before) && isPlainObject(after)) {
    return Object.keys({ ...before, ...after }).flatMap((name) =>
      compare(member(stored, name), member(shown, name), path === '' ? name : `${path}.${name}`),
    );
  }
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const isHidden = isWithheld(before, shown.before) || isWithheld(after, shown.after);
  return [isHidden ? { field: path, hidden: true } : { field: path, from: shown.before, to: shown.after }];
}

function isWithheld(stored: unknown, shown: unknown): boolean {
  return stored !== undefined && shown === undefined;
}

function member({ before, after }: Pair, name: string): Pair {
  return {
    before: isPlainObject(before) ? before[name] : undefined,
    after: isPlainObject(after) ? after[name] : undefined,
  };
}
