import { clockChanges, type SimulationResult, simulateSchedules } from '../../test/support/schedule-simulation.ts';
import type { Report } from '../report.ts';

/** Fire times over three nodes that die and hang, clocks two seconds apart, on the nights when the clocks change. */
export async function measureScheduleFires(report: Report): Promise<void> {
  const results: SimulationResult[] = [];
  for (const [index, scenario] of clockChanges.entries()) results.push(await simulateSchedules(scenario, index + 1));
  const sum = (count: (result: SimulationResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const due = sum((result) => result.due);
  if (due !== 1_000) throw new Error(`${due} fire times were simulated instead of 1000`);
  report.note(`schedules: ${due} fire times, ${sum(({ kills }) => kills)} kills, ${sum(({ hangs }) => hangs)} hangs`);
  const value = sum(({ lost, doubled, unexpected }) => lost.length + doubled.length + unexpected.length);
  report.add({ suite: 'dataflow', measure: 'schedule-fires-lost-or-doubled-of-1000', value, unit: 'fires' });
}
