import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgramStarter } from '../../../server/process-flows/program.ts';

let folder: string;
let jobFiles: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spectrum-programs-')));
  jobFiles = join(folder, 'jobs');
  mkdirSync(join(jobFiles, 'in'), { recursive: true });
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(jobFiles, 'a file'), '');
  symlinkSync(join(folder, 'elsewhere'), join(jobFiles, 'way out'));
  symlinkSync(join(jobFiles, 'in'), join(jobFiles, 'way in'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = 'require("node:fs").writeFileSync("here", process.cwd())';

async function run(given: string | undefined) {
  const start = createProgramStarter({ node: process.execPath }, jobFiles);
  const activity = {
    program: 'node',
    environment: {},
    timeoutSeconds: 30,
    ...(given !== undefined && { folder: given }),
  };
  return (await start(activity as unknown as Parameters<typeof start>[0], ['-e', script])).ended;
}

test.each([
  [undefined, ''],
  ['.', ''],
  ['in', 'in'],
  ['in/../in/', 'in'],
  ['way in', 'in'],
])('a program with the folder %j runs in the folder for files of jobs, at %j', async (given, place) => {
  expect(await run(given)).toEqual({ code: 0 });
  expect(readFileSync(join(jobFiles, place, 'here'), 'utf8')).toBe(join(jobFiles, place));
});

test('an absolute path below the folder for files of jobs will do', async () => {
  expect(await run(join(jobFiles, 'in'))).toEqual({ code: 0 });
});

test.each(['..', '/', '/etc', '../elsewhere', 'way out', 'in/../../elsewhere'])(
  'a program is not run in %s, which is elsewhere',
  async (given) => {
    const sentence = `program node: folder: ${given} is outside of the folder for files of jobs`;
    await expect(run(given)).rejects.toThrow(sentence);
  },
);

test('a folder that is not there is told', async () => {
  await expect(run('out')).rejects.toThrow(
    'program node: folder: out is not there; make it below the folder for files of jobs',
  );
});

test('a file is no folder', async () => {
  await expect(run('a file')).rejects.toThrow('a file is not a folder');
});
