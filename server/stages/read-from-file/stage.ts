import {
  Layout,
  type Row,
  type Source,
  type SourceBatch,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import {
  checkFileLayout,
  createCutter,
  createEncoding,
  RowReader,
  recordSeparatorOf,
  type StreamPosition,
  streamRecords,
  toLayout,
} from '../../record-formats/index.ts';
import { type ReadFromFileSettings, readFromFileDefinition } from './definition.ts';

/** What a malformed record is at the error port. */
const errorLayout = new Layout([
  { name: 'Place', type: 'string' },
  { name: 'Reason', type: 'string' },
  { name: 'Text', type: 'string' },
]);

/** Where reading goes on: the file by its place in the list, and within it. */
interface ReadPosition extends StreamPosition {
  readonly file: number;
  /** Records given so far, from all files. */
  readonly given: number;
}

export const readFromFile: StageType<ReadFromFileSettings> = {
  definition: readFromFileDefinition,
  plan: ({ settings }) => {
    const problems = checkFileLayout(settings);
    return {
      outputs: new Map([
        ['output_port', problems.length > 0 ? Layout.empty : toLayout(settings.fields)],
        ['error_port', errorLayout],
      ]),
      problems,
      flow: 'streaming',
      canResume: true,
      open: (context) => new FileSource(settings, context),
    };
  },
};

class FileSource implements Source {
  readonly #settings: ReadFromFileSettings;
  readonly #context: StageContext;
  readonly #reader: RowReader;
  #given = 0;

  constructor(settings: ReadFromFileSettings, context: StageContext) {
    this.#settings = settings;
    this.#context = context;
    this.#reader = new RowReader(settings.fields, {
      fewerIsMalformed: settings.fewerFieldsAreMalformed,
      moreIsMalformed: settings.moreFieldsAreMalformed,
      onNoValue: settings.onNoValue,
    });
  }

  async *batches(): AsyncGenerator<SourceBatch> {
    const restored = this.#context.restored as ReadPosition | undefined;
    this.#given = restored?.given ?? 0;
    const files = await this.#context.resources.files.list(this.#settings.file);
    for (let file = restored?.file ?? 0; file < files.length && !this.#isComplete(); file++) {
      yield* this.#readFile(files[file] ?? '', file, restored?.file === file ? restored : undefined);
    }
  }

  async *#readFile(path: string, file: number, from: StreamPosition | undefined): AsyncGenerator<SourceBatch> {
    const { files } = this.#context.resources;
    const { compression, encoding } = this.#settings;
    const blocks = streamRecords({
      read: (fromByte) => files.read(path, fromByte),
      isCompressed: compression === 'gzip' || (compression === 'auto' && path.endsWith('.gz')),
      encoding: createEncoding(encoding),
      cutter: createCutter(this.#settings),
      recordSeparator: recordSeparatorOf(this.#settings),
      ...(from && { from }),
    });
    let record = from?.record ?? 0;
    for await (const { records, position } of blocks) {
      const rows: Row[] = [];
      const errors: Row[] = [];
      for (const values of records) {
        record++;
        if (!this.#isWanted(record)) continue;
        const row = Array.isArray(values) ? this.#readRow(values) : values.reason;
        if (typeof row !== 'string') rows.push(row);
        else
          errors.push(
            this.#refuse(`${path}, record ${record}`, row, Array.isArray(values) ? values.join(' ') : values.text),
          );
      }
      await this.#context.outputs.get('error_port')?.write(errors);
      yield { rows, position: { file, given: this.#given, ...position } satisfies ReadPosition };
      if (this.#isComplete()) return;
    }
  }

  /** Header and records before the first one wanted are passed over; so are those behind the last one. */
  #isWanted(record: number): boolean {
    const { hasHeader, startingRecord } = this.#settings;
    return record >= startingRecord + (hasHeader ? 1 : 0) && !this.#isComplete();
  }

  #isComplete(): boolean {
    return this.#given >= (this.#settings.maximumRecords ?? Number.POSITIVE_INFINITY);
  }

  #readRow(values: string[]): Row | string {
    const row = this.#reader.read(values);
    this.#given++;
    return row;
  }

  /** A malformed record is counted, unless the dataflow takes care of it by the error port. */
  #refuse(place: string, reason: string, text: string): Row {
    if (!this.#context.outputs.has('error_port')) this.#context.malformed({ place, reason, text });
    return [place, reason, text];
  }
}
