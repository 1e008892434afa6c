import { clockChanges, simulateSchedules } from '../../support/schedule-simulation.ts';

test.each(
  clockChanges.map((scenario, index) => [`${scenario.timeZone} from ${scenario.from}`, scenario, index + 1] as const),
)(
  'each time fires once through kills, hangs, lost answers, clocks two seconds apart and the change of clocks of %s',
  async (_, scenario, seed) => {
    const { due, lost, doubled, unexpected, kills, hangs } = await simulateSchedules(scenario, seed);
    expect({ lost, doubled, unexpected }).toEqual({ lost: [], doubled: [], unexpected: [] });
    expect(due).toBeGreaterThan(30);
    expect(kills + hangs).toBeGreaterThan(50);
  },
  60_000,
);
