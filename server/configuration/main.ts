import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { environment } from '../../contract/environment.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { openDynamoTable } from './dynamodb.ts';
import { openConfigurationOn } from './open.ts';
import { type OperatorContext, type OperatorFlags, operatorCommands } from './operator.ts';

/** The operator's program: works on the tables directly, whether nodes run or not. Answers go to stdout as JSON. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      'remove-others': { type: 'boolean', default: false },
      table: { type: 'string', default: process.env[environment.configurationTable] ?? '' },
      endpoint: { type: 'string', default: process.env[environment.configurationEndpoint] ?? '' },
      cluster: { type: 'string', default: process.env[environment.clusterName] ?? '' },
      reason: { type: 'string', default: '' },
      by: { type: 'string', default: 'operator' },
      archive: { type: 'string', default: '' },
      'retain-days': { type: 'string', default: '90' },
    },
  });
  const [name = '', ...words] = positionals;
  const command = Object.hasOwn(operatorCommands, name) ? operatorCommands[name] : undefined;
  if (!command || !values.table || !values.cluster) return explain();
  const flags: OperatorFlags = {
    dryRun: values['dry-run'],
    others: values['remove-others'] ? 'remove' : 'keep',
    by: values.by,
    reason: values.reason,
    archive: values.archive,
    retainDays: Number(values['retain-days']),
  };
  const answer = await command.run(await openContext(values, words, flags));
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`, () => process.exit(0));
}

async function openContext(
  { table: tableName, endpoint, cluster: clusterName }: { table: string; endpoint: string; cluster: string },
  words: readonly string[],
  flags: OperatorFlags,
): Promise<OperatorContext> {
  const table = openDynamoTable({ tableName, endpoint: endpoint || undefined });
  const configuration = await openConfigurationOn(table, { clusterName, startTimeoutMs: 5_000 });
  return { table, clusterName, configuration, words, flags, readFile: (path) => readFileSync(path, 'utf8') };
}

function explain(): void {
  const lines = Object.entries(operatorCommands).map(
    ([name, { words, summary }]) => `  ${`${name} ${words}`.padEnd(42)}${summary}`,
  );
  process.stderr.write(
    [
      'npm run configuration -- <command> --table NAME --cluster NAME [--endpoint URL]',
      ...lines,
      `Without flags, ${environment.configurationTable}, ${environment.clusterName} and ${environment.configurationEndpoint} name table, cluster and endpoint.`,
      '',
    ].join('\n'),
  );
  process.exitCode = 2;
}

main().catch((error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof SpectrumError ? `${error.code}: ` : ''}${sentence}\n`, () =>
    process.exit(1),
  );
});
