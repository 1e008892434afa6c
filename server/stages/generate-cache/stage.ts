import type { StageType } from '../../dataflow/index.ts';
import { cacheFormat, cachePath } from '../caches.ts';
import { writeToFile } from '../write-to-file/stage.ts';
import { type GenerateCacheSettings, generateCacheDefinition } from './definition.ts';

/** A cache is a file of the run: what holds for files under take-over and completion holds for it too. */
export const generateCache: StageType<GenerateCacheSettings> = {
  definition: generateCacheDefinition,
  plan: ({ settings: { cache, fields }, ...request }) =>
    writeToFile.plan({
      ...request,
      settings: {
        ...cacheFormat,
        file: cachePath(cache),
        mode: 'overwrite',
        compression: 'gzip',
        rowGroupRows: 1,
        sortMemoryMiB: 64,
        ...(fields && { fields: fields.map((name) => ({ name })) }),
      },
    }),
};
