import { probeNode } from '../../../lambda/node-health/probe.ts';
import { type FakeNodeOptions, startFakeNode } from '../support/fake-node.ts';

const cases: readonly [FakeNodeOptions['behaviour'], string][] = [
  ['ready', 'ready'],
  ['not-ready', 'not-ready'],
  ['wrong', 'wrong'],
  ['hung', 'silent'],
];

test.each(cases)('a node that is %s is told as %s', async (behaviour, result) => {
  const node = await startFakeNode({ address: '127.0.0.1', port: 0, behaviour });
  try {
    expect(await probeNode('127.0.0.1', node.port)).toMatchObject({ result });
  } finally {
    await node.close();
  }
});

test('a port that nobody listens on is silent', async () => {
  const node = await startFakeNode({ address: '127.0.0.1', port: 0, behaviour: 'ready' });
  await node.close();
  expect(await probeNode('127.0.0.1', node.port)).toMatchObject({ result: 'silent' });
});
