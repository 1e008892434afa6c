import { configs } from '../../lib/support/configs.ts';
import { plantDefects } from '../../lib/support/plant.ts';
import { experimentDefects, ownDefects } from '../../lib/support/planted-defects.ts';

test('every planted defect is caught by a rule', () => {
  expect(experimentDefects).toHaveLength(46);
  const results = plantDefects([...experimentDefects, ...ownDefects], configs);
  const table = results.map(({ name, caughtBy }) => `${name.padEnd(56)} ${caughtBy.join(' ') || 'NOT CAUGHT'}`);
  process.stdout.write(`${table.join('\n')}\n`);
  expect(results.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
});
