import { readFileSync } from 'node:fs';
import { configs } from '../../lib/support/configs.ts';
import { compareWaivers, findNist, formatNist } from '../../lib/support/nist.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

test('the page about NIST 800-53 R5 is what the pack finds now, each finding with its reason', async () => {
  const folder = await makeTemporaryFolder();
  try {
    const findings = findNist(configs, folder.path);
    expect(findings.length).toBeGreaterThan(5);
    expect(compareWaivers(findings)).toEqual({ missing: [], stale: [] });
    // `npm run nist` writes it.
    expect(formatNist(findings)).toBe(readFileSync('docs/nist-800-53.md', 'utf8'));
  } finally {
    await folder.remove();
  }
}, 600_000);
