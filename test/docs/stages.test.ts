import { readFileSync } from 'node:fs';
import { serviceRegistry } from '../../server/services/index.ts';
import { stageTypes } from '../../server/stages/index.ts';

const text = readFileSync('docs/stages.md', 'utf8');

test('every stage that is no service is on the page', () => {
  const services = new Set(serviceRegistry.map(({ name }) => name));
  const missing = [...stageTypes.keys()].filter((name) => !services.has(name) && !text.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('every setting that the page names exists', () => {
  const settings = ['ReadFromDB', 'QueryDB', 'WriteToDB'].flatMap((name) =>
    Object.keys(stageTypes.get(name)?.definition.settings.fields ?? {}),
  );
  for (const name of ['resumeBy', 'parameters', 'where', 'batchRows', 'progressTable', 'keys']) {
    expect(settings).toContain(name);
    expect(text).toContain(`\`${name}\``);
  }
});
