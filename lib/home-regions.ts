import type { DeploymentSettings } from './settings.ts';

/** Regions that share the configuration and of which one writes, at first the first; none where that is not so. */
export function homeRegions({ configuration, regions }: DeploymentSettings): readonly string[] {
  if (configuration.consistency === 'strong') return [];
  const names = configuration.kind === 'separated' ? configuration.tableRegions : regions.map(({ region }) => region);
  return names.length > 1 ? names : [];
}
