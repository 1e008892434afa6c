import { execFileSync } from 'node:child_process';
import type { ClusterFacts } from '../../../cli/local/cluster.ts';
import { formatSummary } from '../../../cli/output/summary.ts';

test('names all that a newcomer needs', () => {
  const text = formatSummary(facts('Secret1'));
  for (const part of [
    'http://localhost:8080',
    'node-1, node-2',
    'starter, vintage e1, demonstration data',
    '41,637 ZIP Codes, 1,000 streets, 3,165 address points',
    'admin, password Secret1',
    'Ctrl-C',
  ]) {
    expect(text).toContain(part);
  }
});

test('all but the lines to paste fit 80 columns', () => {
  const lines = formatSummary(facts('Secret1')).split('\n');
  for (const line of lines.filter((each) => !each.startsWith('curl '))) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(['plain', 'with space', "quo'te", '$HOME`id`"\\', 'ümlaut!*?'])(
  'a shell reads the lines with the password %s as they are meant',
  (password) => {
    const lines = formatSummary(facts(password))
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const words = execFileSync('/bin/sh', ['-c', line.replace(/^curl/, `printf '%s\\n'`)], {
        encoding: 'utf8',
      }).split('\n');
      expect(words.slice(0, 2)).toEqual(['-u', `admin:${password}`]);
      expect(new URL(String(words[2])).searchParams.get('Data.AddressLine1')).toBe('1745 T Street Southeast');
    }
  },
);

function facts(password: string): ClusterFacts {
  return {
    url: 'http://localhost:8080',
    folder: {
      path: '/data',
      isNew: false,
      lock: '/data/lock',
      passwordFile: '/data/admin-password',
      configuration: '/data/configuration',
      referenceData: '/data/reference-data',
      auditArchive: '/data/audit-archive',
      jobFiles: '/data/files',
      secrets: '/data/secrets',
      logs: '/data/logs',
      processesFile: '/data/processes.json',
    },
    administrator: { name: 'admin', password, isCurrent: true },
    nodeNames: ['node-1', 'node-2'],
    databases: [
      {
        database: 'starter',
        vintage: 'e1',
        purpose: 'demonstration',
        builtAt: '2026-01-01T00:00:00Z',
        counts: { postalCodes: 41_637, streets: 1_000, points: 3_165 },
      },
    ],
  };
}
