import { runData } from '../../../cli/commands/data.ts';

async function printed(words: readonly string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await runData(words, 'no-builder')).toBe(0);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

test.each([[[]], [['help']], [['build', '--help']]])('%j prints every command, within 120 columns', async (words) => {
  const help = await printed(words);
  for (const name of ['build', 'inspect', 'verify', 'list', 'diff', 'publish', 'retire']) {
    expect(help).toContain(`\n  ${name.padEnd(10)}`);
  }
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test.each([
  [['remove'], 'data: "remove" is not a command; use build, inspect, verify, list, diff, publish, retire'],
  [['publish', '--name', 'us'], 'data publish: --name and --vintage are needed'],
  [['publish', '--colour', 'red'], "Unknown option '--colour'"],
  [
    ['publish', '--name', 'us', '--vintage', 'q1', '--timeout', 'soon'],
    'data publish: --timeout "soon" is not allowed; use seconds',
  ],
  [
    ['publish', '--name', 'us', '--vintage', 'q1', '--url', 'http://127.0.0.1:9', '--module', 'routing'],
    'data publish: --module "routing" is not allowed; use addressing or geocoding',
  ],
  [['publish', '--name', 'us', '--vintage', 'q1', '--data', '/nowhere'], 'no cluster runs on the data folder /nowhere'],
])('%j is refused', async (words, sentence) => {
  await expect(runData(words, 'no-builder')).rejects.toMatchObject({
    exit: 'usage',
    message: expect.stringContaining(sentence),
  });
});
