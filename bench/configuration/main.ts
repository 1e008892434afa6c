import { median, type Report } from '../report.ts';
import { huntMutants, runChaos } from './chaos.ts';
import { measureColdStart } from './cold-start.ts';
import { percentile } from './percentile.ts';
import { measureReadYourWrites } from './read-your-writes.ts';
import { measurePropagation, measureWrites } from './real-followers.ts';
import { dynamoModel, simulateFollowers, type TableModel } from './simulation.ts';
import { startTableProcess, type TableProcess } from './table-process.ts';

const suite = 'configuration';
/** On-demand price of a million read request units in us-east-1, dollars; 2,628,000 seconds in a month. */
const dollarsPerMillionUnits = 0.125;
const secondsPerMonth = 2_628_000;
const chaosSeeds = Number(process.env.CHAOS_SEEDS ?? 20);
const mutantSeeds = 10;
const readPairs = Number(process.env.READ_PAIRS ?? 10_000);

/** The embedded server answers in about this time on this machine; it has no replicas to lag. */
const embeddedModel: TableModel = {
  callMs: { median: 3, p99: 15 },
  lagMs: { median: 0.001, p99: 0.002 },
  partitionReadUnits: Number.POSITIVE_INFINITY,
};

export async function run(report: Report): Promise<void> {
  const parts: readonly [string, (report: Report) => Promise<void>][] = [
    ['simulation', measureSimulated],
    ['real', measureReal],
    ['chaos', measureChaos],
    ['read-your-writes', measureReads],
  ];
  const chosen = process.env.CONFIGURATION_PARTS?.split(',');
  for (const [name, part] of parts) if (!chosen || chosen.includes(name)) await part(report);
}

async function measureSimulated(report: Report): Promise<void> {
  for (const followers of [10, 100, 1_000, 5_000]) {
    const { propagationMs, restUnits, busyUnits, throttledReads } = await simulateFollowers(followers, dynamoModel, 1);
    const name = `${followers}-followers`;
    for (const share of [50, 99]) {
      const value = percentile(propagationMs, share / 100);
      const measure =
        followers < 1_000 ? `simulated-propagation-p${share}-ms-${name}` : `propagation-p${share}-ms-${name}`;
      report.add({ suite, measure, value, unit: 'ms' });
    }
    report.add({ suite, measure: `throttled-reads-${name}`, value: throttledReads });
    if (followers === 10) addUnits(report, '', restUnits, busyUnits);
    else addUnits(report, `-${name}`, restUnits, busyUnits);
  }
}

function addUnits(report: Report, suffix: string, restUnits: number, busyUnits: number): void {
  const unit = 'RRU/s';
  report.add({ suite, measure: `read-units-per-follower-second-at-rest${suffix}`, value: restUnits, unit });
  report.add({ suite, measure: `read-units-per-follower-second-at-1-change${suffix}`, value: busyUnits, unit });
  const price = (restUnits * secondsPerMonth * dollarsPerMillionUnits) / 1_000_000;
  report.add({ suite, measure: `price-per-follower-month-at-rest${suffix}`, value: price, unit: '$' });
}

async function measureReal(report: Report): Promise<void> {
  const tables = await startTableProcess();
  try {
    for (const followers of [10, 100]) await compareWithSimulation(report, tables, followers);
    for (const writers of [1, 8]) {
      const value = await measureWrites(tables, writers);
      report.add({ suite, measure: `writes-per-second-${writers}-writers`, value, unit: '/s' });
    }
    const starts = await measureColdStart(tables, 5);
    const [first] = starts;
    if (first?.objects !== 10_000 || first.revision !== 100_000) throw new Error('the copy is not what was written');
    const middle = (pick: (start: (typeof starts)[number]) => number) => median(starts.map(pick));
    const unit = 'ms';
    report.add({ suite, measure: 'cold-start-ms-10000-objects', value: middle(({ processMs }) => processMs), unit });
    report.add({ suite, measure: 'cold-start-cpu-ms-10000-objects', value: middle(({ cpuMs }) => cpuMs), unit });
    report.add({ suite, measure: 'cold-start-open-ms-10000-objects', value: middle(({ openMs }) => openMs), unit });
    report.add({ suite, measure: 'copy-memory-10000-objects', value: middle(({ copyMiB }) => copyMiB), unit: 'MiB' });
  } finally {
    await tables.stop();
  }
}

/** The simulation counts only as far as it agrees with what real connections show. */
async function compareWithSimulation(report: Report, tables: TableProcess, followers: number): Promise<void> {
  const real = await measurePropagation(tables, followers);
  const simulated = await simulateFollowers(followers, embeddedModel, 1);
  for (const share of [50, 99]) {
    const [value, expected] = [percentile(real, share / 100), percentile(simulated.propagationMs, share / 100)];
    report.add({
      suite,
      measure: `propagation-p${share}-ms-${followers}-followers`,
      value,
      unit: 'ms',
      baseline: { name: 'simulation', value: expected },
      ratio: value / expected,
    });
  }
}

async function measureChaos(report: Report): Promise<void> {
  const { acknowledged, violations } = await runChaos(chaosSeeds);
  for (const violation of violations) report.note(violation);
  report.note(`${acknowledged} acknowledged changes over ${chaosSeeds} seeds`);
  report.add({ suite, measure: 'chaos-lost-or-reordered', value: violations.length });
  const { caughtPercent, missed } = await huntMutants(mutantSeeds);
  for (const name of missed) report.note(`not caught: a node that ${name}`);
  report.add({ suite, measure: 'chaos-mutants-caught-percent', value: caughtPercent, unit: '%' });
}

async function measureReads(report: Report): Promise<void> {
  const { pairs, stale, failures } = await measureReadYourWrites(readPairs);
  for (const failure of failures.slice(0, 10)) report.note(failure);
  report.note(`${pairs} of ${readPairs} pairs, ${failures.length} failed`);
  if (pairs < readPairs) throw new Error('clients gave up before all pairs were made');
  report.add({ suite, measure: 'read-your-writes-stale-of-10000', value: stale + failures.length });
}
