import { readFileSync } from 'node:fs';
import { configs } from './support/configs.ts';
import { resourcesOf, synthesize } from './support/synthesis.ts';

const articles = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) => title);

test('every alarm tells somebody and names an article that is there, and no article is left over', () => {
  // Together these make an alarm of every kind.
  const examples = [configs['closed-network'], configs['two-regions'], configs['remote-servers']];
  const alarms = examples
    .flatMap((deployments) => resourcesOf(synthesize(deployments), 'AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties);
  expect(alarms.length).toBeGreaterThan(60);
  const named = new Set<string>();
  for (const { AlarmDescription, AlarmActions } of alarms) {
    expect(AlarmActions).toHaveLength(1);
    const [, article = ''] = /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription) ?? [];
    named.add(article);
  }
  expect([...named].sort()).toEqual([...articles].sort());
});
