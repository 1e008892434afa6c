import { askOn, learnAnswers, listRows, type Question } from './load.ts';
import { runSpectrum, type StartedCluster } from './local-cluster.ts';
import { listGeocodings, switchedDatabase, switchedVintages } from './vintages.ts';

/** What the clients of a cluster saw while its database changed to and fro. */
interface VintageSwitchResult {
  readonly requests: number;
  readonly switches: number;
  /** Requests without a good answer, with rows of two vintages, or from a vintage that was no longer to answer. */
  readonly failures: readonly string[];
}

/** Fewer than for a failover: the command that publishes shares the machine with nodes and clients. */
const clients = 8;

/**
 * Publishes one vintage and rolls back to the other, again and again, while clients geocode. Every answer must be, byte
 * for byte, that of one vintage; requests begun after `publish` has ended, or with the revision of the change, must get
 * that of the new one.
 */
export async function runVintageSwitches(cluster: StartedCluster, durationMs: number): Promise<VintageSwitchResult> {
  const questions = listGeocodings(listRows(), cluster.password);
  const answers = await learnOfBoth(cluster, questions);
  let allowed: readonly number[] = [1];
  const expect = (at: number) => {
    const sets = allowed.map((vintage) => answers[vintage]?.[at]);
    return (answer: string) => sets.includes(answer);
  };
  const load = askOn(cluster.url, questions, expect, clients);
  const failures: string[] = [];
  const endMs = performance.now() + durationMs;
  let switches = 0;
  while (performance.now() < endMs || switches < 2) {
    const next = switches % 2;
    allowed = [0, 1];
    const revision = await publish(cluster, next);
    allowed = [next];
    failures.push(...(await askWithRevision(cluster.url, questions, answers[next] ?? [], revision)));
    switches += 1;
  }
  const result = await load.stop();
  return { requests: result.requests, switches, failures: [...failures, ...result.failures] };
}

/** The answers from each vintage, of which every row that has a position differs from that of the other. */
async function learnOfBoth(cluster: StartedCluster, questions: readonly Question[]): Promise<readonly string[][]> {
  const answers: string[][] = [];
  for (const at of switchedVintages.keys()) {
    await publish(cluster, at);
    answers.push(await learnAnswers(cluster.url, questions));
  }
  const [first = [], second = []] = answers;
  const same = first.filter((answer, at) => answer === second[at]).length;
  if (same > 0) throw new Error(`${same} answers are the same from both vintages and could not tell a mixed one`);
  return answers;
}

/** Runs the command that a user runs; resolves with the revision of its change. */
async function publish(cluster: StartedCluster, at: number): Promise<string> {
  const vintage = String(switchedVintages[at]);
  const words = ['data', 'publish', '--url', cluster.url, '--name', switchedDatabase, '--vintage', vintage];
  const { code, stdout, stderr } = await runSpectrum(words, { SPECTRUM_PASSWORD: cluster.password }).ended;
  const revision = /as of revision (\S+?);?(?:\s|$)/.exec(stdout)?.[1];
  if (code !== 0 || !revision) throw new Error(`publish ${vintage} ended with ${code}: ${stdout}${stderr}`);
  return revision;
}

/** A request that has seen the change is answered from the new vintage, whichever node gets it. */
async function askWithRevision(
  url: string,
  questions: readonly Question[],
  answers: readonly string[],
  revision: string,
): Promise<readonly string[]> {
  const aware = questions.slice(0, 8).map((question) => ({
    ...question,
    headers: { ...question.headers, 'spectrum-revision': revision },
  }));
  const got = await learnAnswers(url, aware);
  return got.filter((answer, at) => answer !== answers[at]).map((answer) => `with revision: ${answer.slice(0, 200)}`);
}
