import { collectorFormat } from './collector.ts';
import { fileSourceFormat } from './file-source.ts';
import { routerFormat } from './router.ts';
import type { StageFormat } from './stage-format.ts';
import { transformerFormat } from './transformer.ts';
import { uniqueIdFormat } from './unique-id.ts';

/** Stages whose settings are understood. A new one is its file and one line here. */
export const stageFormats: readonly StageFormat[] = [
  transformerFormat,
  routerFormat,
  collectorFormat,
  fileSourceFormat,
  uniqueIdFormat,
];
