import { gunzipSync, gzipSync } from 'node:zlib';
import type { StageContext } from '../../dataflow/index.ts';
import { createEncoding, type createRowFormatter, GzipMembers } from '../../record-formats/index.ts';
import type { WriteToFileSettings } from './definition.ts';

/** What a later run needs to go on with the file. */
interface FileCheckpoint {
  readonly sizeBytes: number;
  /** What the file appends to. */
  readonly appendedTo: unknown;
  /** Bytes that are not written yet, as a part of the next member; gzip and base64. */
  readonly pending?: string;
  readonly isFinished: boolean;
}

/** A file of text under way. */
export interface TextFile {
  write(text: string): void | Promise<void>;
  finish(): Promise<void>;
  checkpoint(): Promise<FileCheckpoint>;
  close(): Promise<void>;
}

/** Opens the file of these settings, or goes on with it, and writes what stands in front of its records. */
export async function openTextFile(
  settings: WriteToFileSettings,
  formatter: ReturnType<typeof createRowFormatter>,
  context: StageContext,
): Promise<TextFile> {
  const restored = context.restored as FileCheckpoint | undefined;
  const { file: path, mode, compression, server } = settings;
  const continued = restored && { continueAt: restored.sizeBytes, appendedTo: restored.appendedTo };
  const file = await context.resources.files.create(path, {
    mode,
    ...continued,
    ...(server !== undefined && { server }),
  });
  const encoding = createEncoding(settings.encoding);
  const isCompressed = compression === 'gzip' || (compression === 'auto' && path.endsWith('.gz'));
  const members = isCompressed ? new GzipMembers(unpack(restored?.pending)) : undefined;
  let isFinished = restored?.isFinished ?? false;
  const write = (text: string) => {
    if (text === '') return;
    const bytes = encoding.encode(text);
    const written = members?.add(bytes) ?? bytes;
    if (written.length > 0) return file.write(written);
  };
  // A file that is appended to has its header already.
  if (restored === undefined && file.sizeBytes === 0) await write(formatter.begin());
  return {
    write,
    async finish() {
      // An earlier owner may have come so far.
      if (isFinished) return;
      await write(formatter.end());
      const last = members?.end(file.sizeBytes === 0);
      if (last !== undefined && last.length > 0) await file.write(last);
      isFinished = true;
    },
    async checkpoint() {
      await file.sync();
      const pending =
        members && members.pending.length > 0 ? { pending: gzipSync(members.pending).toString('base64') } : {};
      return { sizeBytes: file.sizeBytes, appendedTo: file.appendedTo ?? null, isFinished, ...pending };
    },
    close: () => file.close(),
  };
}

function unpack(pending: string | undefined): Buffer | undefined {
  return pending === undefined ? undefined : gunzipSync(Buffer.from(pending, 'base64'));
}
