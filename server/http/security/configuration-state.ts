import type { ConfigurationSnapshot } from '../../configuration/index.ts';

/** What tells one state of the configuration from every other: a forced move may use the numbers of revisions again. */
export type ConfigurationState = Pick<ConfigurationSnapshot, 'epoch' | 'revision'>;

/** Whether what was read from one of two states holds for the other too. */
export function isSameState(left: ConfigurationState, right: ConfigurationState): boolean {
  return left.revision === right.revision && left.epoch === right.epoch;
}
