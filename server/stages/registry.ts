import type { StageType, StageTypes } from '../dataflow/index.ts';
import { serviceRegistry } from '../services/index.ts';
import { aggregator } from './aggregator/stage.ts';
import { broadcaster } from './broadcaster/stage.ts';
import { conditionalRouter } from './conditional-router/stage.ts';
import { executeProgram } from './execute-program/stage.ts';
import { generateCache } from './generate-cache/stage.ts';
import { groupStatistics } from './group-statistics/stage.ts';
import { input } from './input/stage.ts';
import { math } from './math/stage.ts';
import { output } from './output/stage.ts';
import { queryCache } from './query-cache/stage.ts';
import { queryDb } from './query-db/stage.ts';
import { readFromDb } from './read-from-db/stage.ts';
import { readFromFile } from './read-from-file/stage.ts';
import { recordCombiner } from './record-combiner/stage.ts';
import { recordJoiner } from './record-joiner/stage.ts';
import { createServiceStage } from './service/stage.ts';
import { sorter } from './sorter/stage.ts';
import { splitter } from './splitter/stage.ts';
import { streamCombiner } from './stream-combiner/stage.ts';
import { subflow } from './subflow/stage.ts';
import { terminateJob } from './terminate-job/stage.ts';
import { transformer } from './transformer/stage.ts';
import { uniqueIdGenerator } from './unique-id-generator/stage.ts';
import { writeToDb } from './write-to-db/stage.ts';
import { writeToFile } from './write-to-file/stage.ts';
import { writeToNull } from './write-to-null/stage.ts';

/** Every stage type, in the order of the palette. A new one is its folder and one line here; services come by themselves. */
const registry: readonly StageType[] = [
  readFromFile,
  readFromDb,
  input,
  broadcaster,
  conditionalRouter,
  streamCombiner,
  sorter,
  splitter,
  recordCombiner,
  recordJoiner,
  aggregator,
  groupStatistics,
  math,
  uniqueIdGenerator,
  transformer,
  subflow,
  queryDb,
  queryCache,
  ...serviceRegistry.map(createServiceStage),
  output,
  writeToFile,
  writeToDb,
  generateCache,
  writeToNull,
  executeProgram,
  terminateJob,
];

export const stageTypes: StageTypes = new Map(registry.map((type) => [type.definition.name, type]));
