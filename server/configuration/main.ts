import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { environment } from '../../contract/environment.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { openDynamoTable } from './dynamodb.ts';
import type { ConfigurationDatabase } from './model.ts';
import { openConfigurationOn } from './open.ts';
import { type OperatorContext, type OperatorFlags, operatorCommands } from './operator.ts';
import type { Table } from './table.ts';

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
      region: { type: 'string', default: process.env[environment.region] ?? '' },
      home: { type: 'string', default: process.env[environment.homeRegion] ?? '' },
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

interface TableWords {
  readonly table: string;
  readonly endpoint: string;
  readonly cluster: string;
  readonly region: string;
  readonly home: string;
}

async function openContext(
  { table: tableName, endpoint: given, cluster: clusterName, region, home }: TableWords,
  words: readonly string[],
  flags: OperatorFlags,
): Promise<OperatorContext> {
  const endpoint = given || undefined;
  const table = openDynamoTable({ tableName, endpoint, region: region || undefined });
  // A table server of one's own has no regions.
  const tableOfRegion = (name: string) => (endpoint ? undefined : openDynamoTable({ tableName, region: name }));
  const options = { clusterName, region: region || undefined, firstHome: home || undefined, tableOfRegion };
  const configuration = await openConfigurationOn(table, { ...options, startTimeoutMs: 10_000 });
  const authority = findAuthority(configuration, table, region, tableOfRegion);
  return { table, authority, clusterName, configuration, words, flags, readFile: (path) => readFileSync(path, 'utf8') };
}

/** Where the epoch of now is written, as far as it can be reached from here. */
function findAuthority(
  configuration: ConfigurationDatabase,
  table: Table,
  region: string,
  tableOfRegion: (region: string) => Table | undefined,
): Table | undefined {
  const { home, homeReachable } = configuration.status();
  if (home === undefined || region === '' || home === region) return table;
  return homeReachable ? tableOfRegion(home) : undefined;
}

function explain(): void {
  const lines = Object.entries(operatorCommands).map(
    ([name, { words, summary }]) => `  ${`${name} ${words}`.padEnd(42)}${summary}`,
  );
  process.stderr.write(
    [
      'npm run configuration -- <command> --table NAME --cluster NAME [--region REGION --home REGION] [--endpoint URL]',
      ...lines,
      'Where regions share the table and one of them writes, --region is where this runs, --home the first of them.',
      `Without flags, ${environment.configurationTable}, ${environment.clusterName}, ${environment.region}, ${environment.homeRegion} and`,
      `${environment.configurationEndpoint} name table, cluster, region, home and endpoint.`,
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
