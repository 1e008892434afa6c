import { isPlain, type StageFormat, understood } from './stage-format.ts';

/** Stream Combiner, which has no settings. */
export const collectorFormat: StageFormat = {
  stageName: 'collector',
  type: 'StreamCombiner',
  read: (root) =>
    root === undefined ? understood({}) : { settings: {}, notUnderstood: ['its settings are not known'] },
  write: (settings) =>
    settings === undefined || (isPlain(settings) && Object.keys(settings).length === 0) ? '' : undefined,
};
