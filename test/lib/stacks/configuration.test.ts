import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ConfigurationStack } from '../../../lib/stacks/configuration.ts';

test('the configuration table keeps its data when the stack goes', () => {
  const stack = new ConfigurationStack(new App(), 'configuration', {
    env: { region: 'us-east-1' },
    settings: { name: 'example', region: 'us-east-1' },
  });
  Template.fromStack(stack).hasResource('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { TableName: 'example-configuration' },
  });
});
