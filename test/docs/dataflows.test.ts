import { readFileSync } from 'node:fs';
import { jobActions } from '../../cli/jobs/job-actions.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { checkDataflow } from '../../server/dataflow/index.ts';
import { stageTypes } from '../../server/stages/index.ts';
import { InMemoryConfiguration } from '../support/in-memory-configuration.ts';
import { exposeDataflows } from '../support/service-dataflows.ts';

const text = readFileSync('docs/dataflows.md', 'utf8');

test('the document on the page has no problems', () => {
  const document: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  expect(checkDataflow('page', document, stageTypes).problems).toEqual([]);
});

test('the service on the page has no problems', () => {
  const document: unknown = JSON.parse(/```json service\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  const configuration = new InMemoryConfiguration();
  expect(exposeDataflows(configuration).check('AddressCheck', document)).toEqual([]);
});

test('the commands and exit codes on the page exist', () => {
  const named = [...text.matchAll(/job (\w+) clean/g)].map(([, action]) => action);
  expect(named.length).toBeGreaterThan(1);
  for (const action of [...named, 'status', 'pause', 'resume', 'cancel'])
    expect(Object.keys(jobActions)).toContain(action);
  expect(text).toContain(`${exitCodes.runFailed.code} when it has not`);
});
