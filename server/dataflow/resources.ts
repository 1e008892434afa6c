import type { DatabaseAccess } from './databases.ts';
import type { Exchange } from './exchange.ts';

/** What the surroundings of a run offer to its stages. The engine passes it on and uses none of it. */
export interface StageResources {
  readonly files: FileAccess;
  readonly services: ServiceAccess;
  readonly secrets: SecretReader;
  /** Databases by connections; absent where the surroundings have none. */
  readonly databases?: DatabaseAccess;
  /** Files of servers outside; absent where the surroundings have none. */
  readonly fileServers?: FileServerAccess;
  /** Programs of the machine; absent where the surroundings have none. */
  readonly programs?: ProgramAccess;
  /** The request that a run answers; a job has none. */
  readonly exchange?: Exchange;
}

/** What a run reaches beyond the cluster. */
export type OutsideResources = Pick<StageResources, 'databases' | 'fileServers' | 'programs'>;

/** Programs of the machine that its administrator allows, by name. */
export interface ProgramAccess {
  /** Runs a program to its end. Throws `NOT_PERMITTED` or `PROGRAM_FAILED` when it cannot begin. */
  run(
    program: string,
    parameters: readonly string[],
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<ProgramOutcome>;
}

export interface ProgramOutcome {
  /** Undefined for one that was killed. */
  readonly exitCode: number | undefined;
  /** The end of what it wrote to its error output. */
  readonly said: string;
}

/** What stands behind the references that connections hold. Ask when a connection is made, and keep nothing. */
export interface SecretReader {
  /** The secret behind `secret:<name>` or an ARN; throws `SECRET_UNREADABLE`, which names the reference and never the secret. */
  resolve(reference: string): Promise<string>;
}

/** Files by path or URL, confined to what the surroundings allow. */
export interface FileAccess {
  /** The files that a path names, in order; `*` and `?` stand for any name. Throws `INVALID_REQUEST` when there is none. */
  list(pattern: string): Promise<readonly string[]>;
  /** Bytes of a file from an offset on. */
  read(path: string, fromByte?: number): AsyncIterable<Uint8Array>;
  sizeBytes(path: string): Promise<number>;
  /**
   * A file under way: nobody sees it under its name before the run has succeeded. `continueAt` goes on behind that many
   * bytes of what an earlier owner of the run wrote.
   */
  create(path: string, options: CreateOptions): Promise<OutputFile>;
}

/** Files of servers outside, by the file servers of the configuration. */
export interface FileServerAccess {
  /** Throws `UNKNOWN_OBJECT`, `INVALID_REQUEST`, `SECRET_UNREADABLE` or `CONNECTION_FAILED`, naming the server. */
  open(server: string): Promise<RemoteFiles>;
}

/** The files of one server. */
export interface RemoteFiles extends Pick<FileAccess, 'list' | 'read' | 'sizeBytes'> {
  /** Makes a file of this machine the file of that path; `exists` when another is there and may not be replaced. */
  put(localPath: string, path: string, mode: 'overwrite' | 'refuse'): Promise<'written' | 'exists'>;
  close(): Promise<void>;
}

interface CreateOptions {
  /** `overwrite` replaces a file of that name, `append` goes on behind it, `refuse` fails when there is one. */
  readonly mode: 'overwrite' | 'append' | 'refuse';
  readonly continueAt?: number;
  /** File server that the file goes to; the surroundings' own files when absent. Nothing can be appended there. */
  readonly server?: string;
  /** With `continueAt`: what the file said of itself at that checkpoint. */
  readonly appendedTo?: unknown;
}

export interface OutputFile {
  /** Bytes written so far, those of an earlier owner included. */
  readonly sizeBytes: number;
  /** What the file of that name was that this one begins with, plain JSON; a checkpoint keeps it. */
  readonly appendedTo: unknown;
  /** The promise, when there is one, must be awaited. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Resolves when all bytes written so far survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Services as stages call them: batches of rows of text. */
export interface ServiceAccess {
  /** Prepares calls with these options. Throws `UNKNOWN_SERVICE` or `INVALID_OPTION`. */
  open(service: string, options: Readonly<Record<string, string>>, use?: ServiceUse): ServiceCaller;
}

/** How a stage uses a service. */
export interface ServiceUse {
  /** Fields of the answer that are read; others may be missing. */
  readonly fields: readonly string[];
  /** How many calls may be worked on at the same time. */
  readonly instances: number;
}

export interface ServiceCaller {
  /** For each input row its output rows, in order. */
  call(rows: readonly ServiceRow[]): ServiceRows | Promise<ServiceRows>;
}

export type ServiceRow = Readonly<Record<string, string | undefined>>;
export type ServiceRows = readonly (readonly ServiceRow[])[];
