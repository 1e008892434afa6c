import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { validateAddressService } from '../../../../server/services/validate-address/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { runServiceOnRows } from '../../../support/run-service.ts';

const folder = resolve(__dirname, '../../../golden/validate-address');
const behaviours = readdirSync(folder);
const read = (behaviour: string, file: string) => JSON.parse(readFileSync(join(folder, behaviour, file), 'utf8'));

test('there are golden behaviours, each with input and answer', () => {
  expect(behaviours.length).toBeGreaterThan(10);
  expect(behaviours.filter((name) => !existsSync(join(folder, name, 'expected.json')))).toEqual([]);
});

test.each(behaviours)('%s', async (behaviour) => {
  const { rows, options } = read(behaviour, 'input.json');
  const answers = await runServiceOnRows(validateAddressService, createExampleDatabase(), rows, options);
  expect(answers).toEqual(read(behaviour, 'expected.json'));
});
