import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Client } from 'undici';

/** What one run of load saw. */
interface LoadResult {
  readonly requests: number;
  /** One sentence for each request without an answer, with another status than 200, or with another answer than before. */
  readonly failures: readonly string[];
}

export interface Load {
  /** Requests sent so far. */
  count(): number;
  /** Ends after the requests in flight. */
  stop(): Promise<LoadResult>;
}

/** Each client keeps one connection and asks again as soon as it is answered. */
const clients = 24;
const rowsPerPost = 10;
/** Different addresses; every third request is a POST of ten. */
const addresses = 600;

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Asks every question once to learn its answer, then again and again from many clients; whichever node answers, the
 * bytes must be the same. Rejects when a first answer is not a good one.
 */
export async function startLoad(url: string, password: string): Promise<Load> {
  const questions = listQuestions(password);
  const answers = await learnAnswers(url, questions);
  return askOn(url, questions, (at) => (answer) => answer === answers[at]);
}

/**
 * Asks the questions again and again from many clients. `expect` is called when a question is sent and returns what
 * judges its answer, status and body.
 */
export function askOn(
  url: string,
  questions: readonly Question[],
  expect: (at: number) => (answer: string) => boolean,
  clientCount = clients,
): Load {
  const failures: string[] = [];
  let requests = 0;
  let isStopping = false;

  const work = async () => {
    const client = openClient(url);
    while (!isStopping) {
      const at = requests % questions.length;
      requests += 1;
      const isRight = expect(at);
      const got = await ask(client, questions[at] as Question);
      if (!isRight(got)) failures.push(`${questions[at]?.method}: ${got.slice(0, 200)}`);
    }
    await client.close();
  };
  const working = Array.from({ length: clientCount }, work);

  return {
    count: () => requests,
    async stop() {
      isStopping = true;
      await Promise.all(working);
      return { requests, failures };
    },
  };
}

/** Every question once; throws when an answer is no good one. */
export async function learnAnswers(url: string, questions: readonly Question[]): Promise<string[]> {
  const client = openClient(url);
  const answers: string[] = [];
  for (const question of questions) {
    const answer = await ask(client, question);
    if (!goodAnswer.test(answer)) throw new Error(`${question.path}: ${answer.slice(0, 300)}`);
    answers.push(answer);
  }
  await client.close();
  return answers;
}

function openClient(url: string): Client {
  return new Client(url, { headersTimeout: 20_000, bodyTimeout: 20_000 });
}

/** Status and body, or what went wrong. */
async function ask(client: Client, question: Question): Promise<string> {
  try {
    const { statusCode, body } = await client.request(question);
    return `${statusCode} ${await body.text()}`;
  } catch (error) {
    return String(error);
  }
}

const goodAnswer = /^200 \{\s*"output_port"/;
const path = '/rest/ValidateAddress/results.json';

function listQuestions(password: string): readonly Question[] {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const rows = listRows();
  return rows.flatMap((row, at): Question[] => {
    const data = Object.entries(row).map(([name, text]): [string, string] => [`Data.${name}`, text]);
    const get = { method: 'GET', path: `${path}?${new URLSearchParams(data)}`, headers: { authorization } } as const;
    if (at % 2 === 0) return [get];
    const body = JSON.stringify({ input_port: { Address: rows.slice(at, at + rowsPerPost) } });
    return [get, { method: 'POST', path, body, headers: { authorization, 'content-type': 'application/json' } }];
  });
}

/** Addresses of the package that the starter database is made of. */
export function listRows(): readonly Readonly<Record<string, string>>[] {
  const file = createRequire(resolve('package.json')).resolve('rrad/addresses-us-all.min.json');
  const { addresses: points } = JSON.parse(readFileSync(file, 'utf8')) as { addresses: Record<string, string>[] };
  return points.slice(0, addresses).map(({ address1 = '', city = '', state = '', postalCode = '' }) => ({
    AddressLine1: address1,
    City: city,
    StateProvince: state,
    PostalCode: postalCode,
  }));
}
