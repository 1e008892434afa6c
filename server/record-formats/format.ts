/** Cuts text into records of texts. */
export interface RecordCutter {
  /**
   * Gives every record of `text` that is whole to `take`, a malformed one as `undefined` with the reason and its
   * beginning. Returns how many characters were used up: the rest comes again, in front of the text that follows it.
   */
  cut(text: string, isLast: boolean, take: TakeRecord): number;
}

type TakeRecord = (values: string[] | undefined, reason?: string, text?: string) => void;

/** The reverse: one record as text, its separator behind it. */
export interface RecordFormatter {
  format(values: readonly string[]): string;
}
