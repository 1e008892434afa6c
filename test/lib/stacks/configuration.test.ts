import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../../lib/parse-settings.ts';
import type { OwnConfigurationSettings } from '../../../lib/settings.ts';
import { ConfigurationStack } from '../../../lib/stacks/configuration.ts';

const configuration: OwnConfigurationSettings = {
  kind: 'own',
  consistency: 'home',
  witnessRegion: undefined,
  recoveryDays: 35,
  auditDays: 90,
  archiveDays: 2557,
};

test('both tables keep their data when the stack goes', () => {
  const settings = parseSettings({ name: 'example', regions: [{ region: 'us-east-1' }], clusters: [] });
  const stack = new ConfigurationStack(new App(), 'configuration', {
    env: { region: 'us-east-1' },
    settings,
    configuration,
    isHome: true,
  });
  const tables = Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable');
  expect(Object.values(tables)).toHaveLength(2);
  for (const table of Object.values(tables)) {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties.Replicas[0].DeletionProtectionEnabled).toBe(true);
  }
});
