import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nextState } from '../../../server/configuration/replica.ts';

const room = resolve(__dirname, '../../../server/configuration');
const specification = readFileSync(join(room, 'SPEC.md'), 'utf8');
const named = [...specification.matchAll(/\| `([\w./-]+\.test\.ts)`: (.+?) +\|$/gm)].map(([, file, name]) => [
  file,
  name,
]);

test('the specification names tests', () => {
  expect(named.length).toBeGreaterThan(10);
});

test.each(named)('%s has the test: %s', (file, name) => {
  const found = [
    __dirname,
    resolve(__dirname, '../cluster'),
    resolve(__dirname, '../foundation'),
    resolve(__dirname, '../../slow'),
  ]
    .map((folder) => join(folder, String(file)))
    .flatMap(readIfThere)
    .join('\n');
  expect(found).toContain(`'${name}'`);
});

test('the specification lists every state and event', () => {
  for (const state of Object.keys(nextState)) expect(specification).toContain(`| \`${state}\` `);
  for (const event of Object.keys(nextState.empty)) expect(specification).toContain(`\`${event}\``);
});

function readIfThere(file: string): string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
