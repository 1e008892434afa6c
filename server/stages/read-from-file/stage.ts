import {
  type FileAccess,
  Layout,
  type RemoteFiles,
  type Row,
  type Source,
  type SourceBatch,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import {
  checkFileLayout,
  createRowFormat,
  hasHeaderRecord,
  MalformedText,
  type RowFormat,
  type StreamPosition,
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
  /** The files as they were listed at first. */
  readonly files: readonly string[];
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

type ReadableFiles = Pick<FileAccess, 'list' | 'read' | 'sizeBytes'>;

class FileSource implements Source {
  readonly #settings: ReadFromFileSettings;
  readonly #context: StageContext;
  readonly #format: RowFormat;
  /** Records in front of those that are given. */
  readonly #passedOver: number;
  #given = 0;

  constructor(settings: ReadFromFileSettings, context: StageContext) {
    this.#settings = settings;
    this.#context = context;
    this.#passedOver = settings.startingRecord - 1 + (hasHeaderRecord(settings) ? 1 : 0);
    this.#format = createRowFormat(settings, {
      fewerIsMalformed: settings.fewerFieldsAreMalformed,
      moreIsMalformed: settings.moreFieldsAreMalformed,
      onNoValue: settings.onNoValue,
    });
  }

  async *batches(): AsyncGenerator<SourceBatch> {
    const { server } = this.#settings;
    if (server === undefined) return yield* this.#readAll(this.#context.resources.files);
    const remote = await this.#openServer(server);
    try {
      yield* this.#readAll(remote);
    } finally {
      await remote.close();
    }
  }

  #openServer(server: string): Promise<RemoteFiles> {
    const { resources, stage } = this.#context;
    if (resources.fileServers !== undefined) return resources.fileServers.open(server);
    throw new SpectrumError(
      'CONNECTION_FAILED',
      `stage ${stage}: file servers are not available here; run it as a job`,
    );
  }

  async *#readAll(access: ReadableFiles): AsyncGenerator<SourceBatch> {
    const restored = this.#context.restored as ReadPosition | undefined;
    this.#given = restored?.given ?? 0;
    // A file that arrives or leaves meanwhile must not shift what a position means.
    const files = restored?.files ?? (await access.list(this.#settings.file));
    for (let file = restored?.file ?? 0; file < files.length && !this.#isComplete(); file++) {
      yield* this.#readFile(access, files, file, restored?.file === file ? restored : undefined);
    }
  }

  async *#readFile(
    access: ReadableFiles,
    paths: readonly string[],
    file: number,
    from: StreamPosition | undefined,
  ): AsyncGenerator<SourceBatch> {
    const path = paths[file] ?? '';
    const { compression } = this.#settings;
    const blocks = this.#format.stream({
      read: (fromByte) => access.read(path, fromByte),
      sizeBytes: () => access.sizeBytes(path),
      isCompressed: compression === 'gzip' || (compression === 'auto' && path.endsWith('.gz')),
      ...(from && { from }),
    });
    let record = from?.record ?? 0;
    for await (const { records, position } of blocks) {
      const rows: Row[] = [];
      const errors: Row[] = [];
      for (const one of records) {
        record++;
        if (!this.#isWanted(record)) continue;
        this.#given++;
        const row = one instanceof MalformedText ? one.reason : this.#format.read(one);
        if (typeof row !== 'string') rows.push(row);
        else errors.push(this.#refuse(`${path}, record ${record}`, row, textOf(one)));
      }
      await this.#context.outputs.get('error_port')?.write(errors);
      yield { rows, position: { files: paths, file, given: this.#given, ...position } satisfies ReadPosition };
      if (this.#isComplete()) return;
    }
  }

  /** Header and records before the first one wanted are passed over; so are those behind the last one. */
  #isWanted(record: number): boolean {
    return record > this.#passedOver && !this.#isComplete();
  }

  #isComplete(): boolean {
    return this.#given >= (this.#settings.maximumRecords ?? Number.POSITIVE_INFINITY);
  }

  /** A malformed record is counted, unless the dataflow takes care of it by the error port. */
  #refuse(place: string, reason: string, text: string): Row {
    if (!this.#context.outputs.has('error_port')) this.#context.malformed({ place, reason, text });
    return [place, reason, text];
  }
}

function textOf(record: unknown): string {
  if (record instanceof MalformedText) return record.text;
  return Array.isArray(record) ? record.join(' ') : '';
}
