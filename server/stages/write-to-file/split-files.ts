import type { Row, Stage } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { numberFile } from './file-names.ts';

/** Opens one file, or goes on with it. */
export type OpenFile = (path: string, restored?: unknown) => Promise<Stage>;

export interface SplitFilesProps {
  readonly open: OpenFile;
  pathOf(row: Row): string;
  /** The file that is written when there is no record; none when its name depends on them. */
  readonly emptyPath: string | undefined;
  /** Numbered files when there is one. */
  readonly recordsPerFile: number | undefined;
}

/** What a later run needs to go on. */
interface SplitState {
  readonly files: readonly FileState[];
}

interface FileState {
  /** The name before it is numbered. */
  readonly path: string;
  readonly number: number;
  readonly records: number;
  readonly isFull: boolean;
  readonly state: unknown;
}

interface OpenedFile extends Omit<FileState, 'state' | 'isFull'> {
  records: number;
  readonly file: Stage;
}

/** Each has a place in the checkpoint, and those that are not full a handle of the system. */
const mostFiles = 1_000;

/** Records in files by their values, by their number, or both. */
export class SplitFiles implements Stage {
  readonly #props: SplitFilesProps;
  readonly #open = new Map<string, OpenedFile>();
  readonly #full: FileState[] = [];

  private constructor(props: SplitFilesProps) {
    this.#props = props;
  }

  static async open(props: SplitFilesProps, restored: unknown): Promise<SplitFiles> {
    const files = new SplitFiles(props);
    try {
      await files.#restore((restored as SplitState | undefined)?.files ?? []);
      return files;
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  async process(rows: Row[]): Promise<void> {
    const parts = new Map<string, Row[]>();
    for (const row of rows) {
      const path = this.#props.pathOf(row);
      const part = parts.get(path);
      if (part === undefined) parts.set(path, [row]);
      else part.push(row);
    }
    for (const [path, part] of parts) await this.#write(path, part);
  }

  async checkpoint(): Promise<SplitState> {
    const files: FileState[] = [...this.#full];
    for (const { file, ...known } of this.#open.values()) {
      files.push({ ...known, isFull: false, state: await file.checkpoint?.() });
    }
    return { files };
  }

  async finish(): Promise<void> {
    const { emptyPath } = this.#props;
    if (this.#open.size + this.#full.length === 0 && emptyPath !== undefined) await this.#begin(emptyPath, 1);
    for (const { file } of this.#open.values()) await file.finish?.();
  }

  async close(): Promise<void> {
    for (const { file } of this.#open.values()) await file.close?.();
  }

  async #restore(files: readonly FileState[]): Promise<void> {
    for (const { path, number, records, isFull, state } of files) {
      const opened = await this.#begin(path, number, state);
      opened.records = records;
      if (isFull) await this.#retire(opened);
    }
  }

  async #write(path: string, rows: readonly Row[]): Promise<void> {
    const { recordsPerFile = Number.POSITIVE_INFINITY } = this.#props;
    for (let from = 0; from < rows.length; ) {
      const opened = this.#open.get(path) ?? (await this.#begin(path, this.#nextNumber(path)));
      const room = recordsPerFile - opened.records;
      const some = rows.slice(from, from + room);
      await opened.file.process(some, 'input_port');
      opened.records += some.length;
      from += some.length;
      if (opened.records >= recordsPerFile) await this.#retire(opened);
    }
  }

  #nextNumber(path: string): number {
    return 1 + this.#full.filter((file) => file.path === path).length;
  }

  async #begin(path: string, number: number, state?: unknown): Promise<OpenedFile> {
    if (this.#open.size + this.#full.length >= mostFiles) {
      const sentence = `file: the records make more than ${mostFiles} files; name it by fields with fewer values, or let one file have more records`;
      throw new SpectrumError('INVALID_REQUEST', sentence, { limit: mostFiles });
    }
    const { open, recordsPerFile } = this.#props;
    const file = await open(recordsPerFile === undefined ? path : numberFile(path, number), state);
    const opened = { path, number, records: 0, file };
    this.#open.set(path, opened);
    return opened;
  }

  /** Nothing more goes to the file. */
  async #retire({ file, ...known }: OpenedFile): Promise<void> {
    await file.finish?.();
    this.#full.push({ ...known, isFull: true, state: await file.checkpoint?.() });
    this.#open.delete(known.path);
    await file.close?.();
  }
}
