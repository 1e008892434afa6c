import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { acknowledge } from './acknowledgements.ts';
import { createValidator } from './own-rules.ts';

/** Holds the templates against the rule packs while they are synthesised; an open finding ends the synthesis. */
export function addChecks(app: App): void {
  acknowledge(app);
  Validations.of(app).addPlugins(createValidator(), new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
