import { CommandError } from '../command-error.ts';

/** What a command line of Job Executor asks for (platform reference section 4.5). */
export interface ExecutorOrder {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly jobs: readonly string[];
  readonly isWaiting: boolean;
  readonly isReporting: boolean;
  readonly isVerbose: boolean;
  readonly delimiter: string;
  readonly pollMs: number;
  readonly timeoutMs: number;
  /** Path by label of a source or sink. */
  readonly files: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

/** Arguments with a value, and the value of those that are left out. */
const valued = { d: '|', f: '', h: 'localhost', i: '5', j: '', o: '', p: '', s: '8080', t: '3600', u: '' } as const;
const flags = ['e', 'r', 'v', 'w'] as const;
type Letter = keyof typeof valued | (typeof flags)[number];

export const executorUsage = `usage: spectrum jobexecutor -u USER -p PASSWORD -j JOB[,JOB…] ["Stage label"="file:PATH"]…
  -h HOST     server, localhost when absent      -s PORT     8080 when absent      -e   HTTPS
  -w          waits for the end, polls every -i SECONDS (5), gives up after -t SECONDS (3600)
  -r          prints name|id|state|start|end|successful|failed|malformed|; -d gives another delimiter
  -o FILE     dataflow options, as name=value    -f FILE     arguments, one with its value a line, without the dash
  -v          says what it does
  The exit code is 0 when every job was submitted or, with -w, has succeeded, and 1 otherwise.
`;

/** Reads the words after `jobexecutor`; throws `CommandError` `usage` naming what is wrong. */
export function readExecutorOrder(words: readonly string[], readFile: (path: string) => string): ExecutorOrder {
  const given = readWords(words);
  const file = given.letters.get('f');
  // What stands on the command line comes before what stands in the file.
  const inFile = file === undefined ? undefined : readWords(readPropertyFile(readFile(file)));
  const letters = new Map([...(inFile?.letters ?? []), ...given.letters]);
  const text = (letter: keyof typeof valued) => letters.get(letter) ?? valued[letter];
  for (const letter of ['u', 'p', 'j'] as const) if (text(letter) === '') throw refuse(`-${letter} is missing`);
  const has = (letter: Letter) => letters.get(letter) === 'true';
  const options = text('o') === '' ? {} : readPairs(readFile(text('o')));
  return {
    url: `${has('e') ? 'https' : 'http'}://${text('h')}:${readNumber('s', text('s'), 65_535)}`,
    user: text('u'),
    password: text('p'),
    jobs: text('j')
      .split(',')
      .map((job) => job.trim()),
    isWaiting: has('w'),
    isReporting: has('r'),
    isVerbose: has('v'),
    delimiter: text('d'),
    pollMs: readNumber('i', text('i'), 86_400) * 1_000,
    timeoutMs: readNumber('t', text('t'), 31_536_000) * 1_000,
    files: { ...inFile?.files, ...given.files },
    options,
  };
}

interface Words {
  readonly letters: ReadonlyMap<Letter, string>;
  readonly files: Readonly<Record<string, string>>;
}

function readWords(words: readonly string[]): Words {
  const letters = new Map<Letter, string>();
  const files: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const letter = /^-([a-z])$/.exec(word)?.[1] as Letter | undefined;
    const next = words[at + 1];
    if (letter !== undefined && letter in valued) {
      if (next === undefined) throw refuse(`${word} has no value`);
      letters.set(letter, next);
      at++;
    } else if (flags.some((flag) => flag === letter)) {
      const isSaid = next === 'true' || next === 'false';
      letters.set(letter as Letter, isSaid ? next : 'true');
      if (isSaid) at++;
    } else if (word === '-n') {
      throw refuse('-n is not supported; a notification object says whom the end of a job is told');
    } else {
      const [label, path] = readOverride(word);
      files[label] = path;
    }
  }
  return { letters, files };
}

/** `"Stage label"="file:/path"`, with or without the quotes that a shell has taken off. */
function readOverride(word: string): readonly [label: string, path: string] {
  const [, label = '', target = ''] = /^"?([^"=]+)"?="?([^"]+)"?$/.exec(word) ?? [];
  if (label === '' || label.startsWith('-')) throw refuse(`"${word}" is not allowed`);
  const [, scheme, path = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/i.exec(target) ?? [undefined, undefined, target];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file') {
    throw refuse(`"${label}": ${scheme}: is not allowed; use file: and a path below the folder for files of jobs`);
  }
  return [label, path.replace(/^\/\/(?=\/)/, '')];
}

function readPropertyFile(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => {
    const [, letter, value = ''] = /^([a-z])(?:\s+(.*))?$/.exec(line) ?? [];
    if (letter === undefined) return [line];
    return value === '' ? [`-${letter}`] : [`-${letter}`, value.replace(/^"(.*)"$/, '$1')];
  });
}

/** `name=value` lines; a name may stand behind its job and a bar. */
function readPairs(text: string): Record<string, string> {
  const pairs = linesOf(text).map((line) => {
    const at = line.indexOf('=');
    if (at <= 0) throw refuse(`-o: "${line}" is not allowed; use name=value`);
    return [line.slice(0, at).replace(/^.*\|/, '').trim(), line.slice(at + 1).trim()] as const;
  });
  return Object.fromEntries(pairs);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

function readNumber(letter: string, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw refuse(`-${letter}: "${text}" is not allowed; use a whole number from 1 to ${most}`);
}

function refuse(problem: string): CommandError {
  return new CommandError('usage', `jobexecutor: ${problem}; see jobexecutor -?`);
}
