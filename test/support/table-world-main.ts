import { checkRun } from './table-checker.ts';
import { runWorld, worldCluster } from './table-world.ts';

/** Runs the simulated cluster for the seeds given and prints, as JSON, what the checker finds. */
async function main(): Promise<void> {
  const [durationMs, firstSeed, seeds] = process.argv.slice(2).map(Number) as [number, number, number];
  const found: string[] = [];
  let acknowledged = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const { items, archive, journal } = await runWorld({ seed, durationMs, faultShare: 0.2 });
    acknowledged += journal.filter(({ what }) => what === 'acknowledged').length;
    const violations = checkRun(worldCluster, items, archive, journal);
    found.push(...violations.map((violation) => `seed ${seed}: ${violation}`));
    if (violations.length > 0) break;
  }
  process.stdout.write(JSON.stringify({ acknowledged, violations: found }), () => process.exit(0));
}

void main();
