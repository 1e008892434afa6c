import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocateYoung } from '../../server/foundation/allocation.ts';
import type { Report } from '../report.ts';
import { measureCopy } from './copy.ts';
import { measureScheduleFires } from './schedule-fires.ts';
import { measureSortAndJoin } from './sort.ts';
import { measureTakeover } from './takeover.ts';
import { measureTransform } from './transform.ts';
import { measureValidateAndGeocode } from './validate-geocode.ts';

/** Rows through dataflows: by processor time, as other work on the machine must not count. */
export async function run(report: Report): Promise<void> {
  // As a node does.
  allocateYoung();
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-dataflow-'));
  try {
    await measureCopy(folder, report);
    await measureTransform(folder, report);
    await measureValidateAndGeocode(folder, report);
    await measureScheduleFires(report);
    await measureSortAndJoin(folder, report);
    await measureTakeover(folder, report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
