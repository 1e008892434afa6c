/** What the processes of a chaos run say they saw; the checker compares it with the table. */
export type JournalEntry =
  | { readonly what: 'start'; readonly node: string; readonly atMs: number }
  | {
      readonly what: 'seen';
      readonly node: string;
      readonly atMs: number;
      readonly epoch: number;
      readonly revision: number;
      readonly isStart?: boolean;
    }
  | ({ readonly what: 'acknowledged'; readonly atMs: number; readonly epoch: number; readonly revision: number } & Sent)
  | ({ readonly what: 'unknown' } & Sent)
  | ({ readonly what: 'refused'; readonly code: string } & Sent)
  | { readonly what: 'lease'; readonly node: string; readonly owner: string; readonly token: number }
  | {
      readonly what: 'final';
      readonly node: string;
      readonly epoch: number;
      readonly revision: number;
      readonly digest: string;
      /** Name to revision and value text of every setting. */
      readonly content: Readonly<Record<string, readonly [number, string]>>;
    };

export interface Sent {
  readonly node: string;
  readonly id: string;
  readonly name: string;
  readonly expected: 'absent' | number;
}

/** An item as the table holds it, read without the code under test. */
export interface RawItem {
  readonly partition: string;
  readonly sort: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A payload that was moved out of the table. */
export interface ArchivedChange {
  readonly epoch: number;
  readonly revision: number;
  readonly id: string;
  readonly name: string;
  readonly operation: string;
}
