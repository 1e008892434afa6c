import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Records left out of a build, by reason. */
export type RejectCounts = Readonly<Record<string, number>>;

const name = 'rejects.csv';
const bytesPerWrite = 262_144;

/** The report of what one source was not taken from: file, line and reason of each record. */
export class RejectReport {
  readonly #counts = new Map<string, number>();
  #waiting = '';

  private constructor(readonly handle: FileHandle) {}

  static async create(folder: string): Promise<RejectReport> {
    return new RejectReport(await open(join(folder, name), 'w'));
  }

  static pathIn(folder: string): string {
    return join(folder, name);
  }

  add(file: string, line: number, reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    this.#waiting += `${quote(file)},${line},${quote(reason)}\n`;
  }

  async flush(): Promise<void> {
    if (this.#waiting.length >= bytesPerWrite) await this.#write();
  }

  async finish(): Promise<RejectCounts> {
    await this.#write();
    await this.handle.close();
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async abandon(): Promise<void> {
    await this.handle.close();
  }

  async #write(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    await this.handle.writeFile(text);
  }
}

export const rejectHeader = 'file,line,reason\n';

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
