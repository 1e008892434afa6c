/** What the progress needs of `process.stdout`. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells a person what happens while it happens. */
export interface Progress {
  /** What goes on now; on a terminal one line that is written over, elsewhere one line per new `step`. */
  show(step: string, detail?: string): void;
  /** A line that stays. */
  say(line: string): void;
}

/** One live line on a terminal, plain lines in a file or pipe. */
export function openProgress(output: OutputStream): Progress {
  return output.isTTY ? liveProgress(output) : plainProgress(output);
}

const eraseLine = '\r\u001b[2K';
const narrowest = 20;

function liveProgress(output: OutputStream): Progress {
  let isLive = false;
  return {
    show: (step, detail) => {
      // A line as wide as the terminal would wrap, and only its last row could be erased.
      const width = Math.max(narrowest, output.columns ?? 80) - 1;
      output.write(`${eraseLine}${clip(detail ? `${step}: ${detail}` : step, width)}`);
      isLive = true;
    },
    say: (line) => {
      output.write(`${isLive ? eraseLine : ''}${line}\n`);
      isLive = false;
    },
  };
}

function plainProgress(output: OutputStream): Progress {
  let shown = '';
  return {
    show: (step) => {
      if (step !== shown) output.write(`${step}\n`);
      shown = step;
    },
    say: (line) => {
      shown = '';
      output.write(`${line}\n`);
    },
  };
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
