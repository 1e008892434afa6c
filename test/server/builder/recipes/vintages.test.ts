import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runDiff, runInspect, runList, runVerify } from '../../../../server/builder/recipes/vintages.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  await writeVintage(root, 'q1', smallContent);
  await writeVintage(root, 'q2', smallContent);
  await mkdir(join(root, 'test', 'q3.building-1'));
  await writeFile(join(root, 'note.txt'), '');
});
afterAll(() => remove());

async function printed(run: () => Promise<void>): Promise<{ readonly out: string; readonly err: string }> {
  const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const said = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join('');
  try {
    await run();
    return { out: said(out), err: said(err) };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test.each([
  ['.', ['q1', 'q2']],
  ['test', ['q1', 'q2']],
  ['test/q1', ['q1']],
])('list %s tells the vintages in it', async (path, vintages) => {
  const { out, err } = await printed(() => runList([join(root, path)]));
  const lines = out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).vintage)).toEqual(vintages);
  expect(lines.every((line) => JSON.parse(line).database === 'test')).toBe(true);
  expect(err).toBe('');
});

test('list says when there is nothing', async () => {
  const { out, err } = await printed(() => runList([join(root, 'test', 'q3.building-1')]));
  expect([out, err]).toEqual(['', expect.stringContaining('there is no vintage in ')]);
  await expect(runList([join(root, 'nowhere')])).rejects.toThrow('nowhere does not exist');
});

const commands = {
  inspect: (path: string) => runInspect([path]),
  verify: (path: string) => runVerify([path]),
  diff: (path: string) => runDiff([path, path]),
};

test.each(['inspect', 'verify', 'diff'] as const)('%s asks for a vintage and names those there are', async (name) => {
  const database = join(root, 'test');
  const choices = `there are ${join(database, 'q2')}, ${join(database, 'q1')}`;
  await expect(commands[name](database)).rejects.toThrow(
    `${database} is no sealed vintage, it has no manifest.json; ${choices}`,
  );
  await expect(commands[name](join(root, 'q9'))).rejects.toThrow('q9 does not exist');
  expect((await printed(() => commands[name](join(database, 'q1')))).out).toContain('q1');
});
