import { relative } from 'node:path';
import type { ClusterFacts } from '../local/cluster.ts';
import type { LocalDatabase } from '../local/starter-database.ts';

/** The block that ends a start: what runs, who may enter, what to try, how to stop. */
export function formatSummary(facts: ClusterFacts): string {
  const { url, folder, administrator, nodeNames, databases } = facts;
  const credentials = quoteForShell(`${administrator.name}:${administrator.password}`);
  return [
    '',
    `Spectrum is ready at ${url}`,
    '',
    label('Nodes', nodeNames.join(', ')),
    ...databases.flatMap(describeDatabase),
    label('Administrator', `${administrator.name}, password ${administrator.password}`),
    label(
      '',
      administrator.isCurrent ? `(kept in ${shorten(folder.passwordFile)})` : '(changed since; use the new one)',
    ),
    label('Logs', shorten(folder.logs)),
    '',
    'Try:',
    ...examples.map((target) => `curl -u ${credentials} ${quoteForShell(`${url}${target}`)}`),
    '',
    'Ctrl-C stops it; the next start finds everything as it was.',
    '',
  ].join('\n');
}

const examples = [
  '/rest/ValidateAddress/results.json?Data.AddressLine1=1745+T+Street+Southeast&Data.City=Washington&Data.StateProvince=DC',
  '/rest/GeocodeUSAddress/results.json?Data.AddressLine1=1745+T+Street+Southeast&Data.City=Washington&Data.StateProvince=DC',
] as const;

function label(name: string, text: string): string {
  return `  ${name.padEnd(15)}${text}`;
}

function describeDatabase({ database, vintage, purpose, counts }: LocalDatabase): string[] {
  const figures = [
    [counts.postalCodes, 'ZIP Codes'],
    [counts.streets, 'streets'],
    [counts.points, 'address points'],
  ] as const;
  const counted = figures.map(([count, noun]) => `${count.toLocaleString('en-US')} ${noun}`).join(', ');
  const warning = purpose === 'demonstration' ? ', demonstration data' : '';
  return [label('Database', `${database}, vintage ${vintage}${warning}`), label('', counted)];
}

function shorten(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
