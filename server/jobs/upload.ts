import type { OutsideResources } from '../dataflow/index.ts';
import type { UploadFile } from './file-completion.ts';

/** Puts files on the file servers of a run. */
export function createUpload({ fileServers }: OutsideResources = {}): UploadFile | undefined {
  if (fileServers === undefined) return undefined;
  return async ({ server, path }, localPath, mode) => {
    const files = await fileServers.open(server);
    try {
      return await files.put(localPath, path, mode);
    } finally {
      await files.close();
    }
  };
}
