import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Report } from '../report.ts';
import { listAddressRows } from './addresses.ts';
import { adminPassword, BenchCluster, cores, type RunningProgram } from './processes.ts';
import { formatGets, formatPosts, service, writeRequests } from './requests.ts';
import { formatSoapPosts } from './soap.ts';
import { type Contest, connections, type Pairing, playRound } from './turns.ts';

const suite = 'http';
const startRounds = 5;
/** Each sends every request once to both sides, in turns of a fraction of a second. */
const requestRounds = 4;
const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;

/** The node as it ships beside a bare `node:http` server of the same bytes, alternating on one core. */
export async function run(report: Report): Promise<void> {
  const cluster = new BenchCluster();
  try {
    await cluster.prepare();
    if (cores === undefined) report.note('cores cannot be chosen here: server and load share them');
    await measureStart(cluster, report);
    await measureRequests(cluster, report);
  } finally {
    await cluster.close();
  }
}

async function measureStart(cluster: BenchCluster, report: Report): Promise<void> {
  // The first start writes roles and administrator; what operators see again and again is every later one.
  const first = await cluster.startNode(undefined);
  report.note(`first start, with an empty configuration: ${Math.round(first.startMs)} ms`);
  await cluster.stop(first);
  const startMs: number[] = [];
  const memoryMiB: number[] = [];
  for (let round = 0; round < startRounds; round++) {
    const node = await cluster.startNode(undefined);
    startMs.push(node.startMs);
    await pause(1_500);
    const memory = residentMiB(node.child);
    if (memory !== undefined) memoryMiB.push(memory);
    await cluster.stop(node);
  }
  report.add({ suite, measure: 'node-start-to-ready-ms', value: median(startMs), unit: 'ms' });
  if (memoryMiB.length > 0) report.add({ suite, measure: 'node-idle-rss-mib', value: median(memoryMiB), unit: 'MiB' });
  else report.add({ suite, measure: 'node-idle-rss-mib', skipped: 'resident memory is read from /proc' });
}

async function measureRequests(cluster: BenchCluster, report: Report): Promise<void> {
  const rows = listAddressRows();
  // The same rows by both interfaces; a quarter of them is enough for a ratio.
  const someRows = rows.filter((_row, index) => Math.floor(index / 100) % 4 === 0);
  const gets = formatGets(rows, authorization);
  const posts = formatPosts(rows, authorization);
  const write = (name: string, requests: readonly Buffer[], turns: number) => {
    const size = Math.ceil(requests.length / turns);
    return Array.from({ length: turns }, (_, turn) => {
      const file = join(cluster.folder, `${name}-${turn}`);
      writeRequests(file, requests.slice(turn * size, (turn + 1) * size));
      return file;
    });
  };
  const getFiles = write('gets', gets, 10);
  const postFiles = write('posts', posts, 4);
  const soapFiles = write('soap', formatSoapPosts(someRows, authorization), 2);
  const soapRivalFiles = write('soap-rival', formatPosts(someRows, authorization), 2);

  const node = await cluster.startNode(cores?.server);
  const answers = await sampleAnswers(node, rows, report);
  const bare = await cluster.start(join(import.meta.dirname, 'bare-server.js'), {}, cores?.server, answers);
  const client = await cluster.start(join(import.meta.dirname, 'load-client.js'), {}, cores?.others);

  report.note(
    `${rows.length} different rows, ${gets.length} GETs and ${posts.length} POSTs of 100 rows a round, ${connections} connections`,
  );
  const against = (files: readonly string[]) => ({
    own: { name: 'node', server: node, files },
    rival: { name: 'bare node:http', server: bare, files },
  });
  const contests: readonly Contest[] = [
    { measure: 'get-one-row', unit: 'requests/s', rowsPerRequest: 1, ...against(getFiles) },
    { measure: 'post-100-rows', unit: 'rows/s', rowsPerRequest: 100, ...against(postFiles) },
    {
      measure: 'soap-100-rows',
      unit: 'rows/s',
      rowsPerRequest: 100,
      own: { name: 'node', server: node, files: soapFiles },
      rival: { name: 'REST JSON', server: node, files: soapRivalFiles },
    },
  ];
  const pairings = contests.map((): Pairing[] => []);
  for (let round = 0; round <= requestRounds; round++) {
    for (const [index, contest] of contests.entries()) {
      const found = await playRound(client.child, contest);
      // The first round warms both servers up.
      if (round > 0) pairings[index]?.push(...found);
    }
  }
  contests.forEach((contest, index) => {
    compare(report, contest, pairings[index] ?? []);
  });
}

/** The two sides of a turn follow each other, so their ratio is taken turn by turn: a slow moment slows both. */
function compare(report: Report, { measure, unit, rowsPerRequest, own, rival }: Contest, pairings: readonly Pairing[]) {
  const value = rowsPerRequest * median(pairings.map((pairing) => pairing.own.rate));
  const baseline = { name: rival.name, value: rowsPerRequest * median(pairings.map((pairing) => pairing.rival.rate)) };
  const ratio = median(pairings.map((pairing) => pairing.own.rate / pairing.rival.rate));
  report.add({ suite, measure, value, unit, baseline, ratio });
  const cpuOf = (side: 'own' | 'rival') => median(pairings.map((pairing) => pairing[side].cpuUs ?? Number.NaN));
  const [ownUs, rivalUs] = [cpuOf('own'), cpuOf('rival')];
  if (Number.isNaN(ownUs) || Number.isNaN(rivalUs)) return;
  report.note(
    `${measure}: ${ownUs.toFixed(1)} µs of the processor a request (${own.name}), ${rivalUs.toFixed(1)} µs (${rival.name}), ratio ${(rivalUs / ownUs).toFixed(2)}`,
  );
}

/** Real answers for the bare server to send, padded to their size; also says how many addresses were found. */
async function sampleAnswers(node: RunningProgram, rows: ReturnType<typeof listAddressRows>, report: Report) {
  const ask = async (batch: typeof rows) => {
    const response = await fetch(`http://127.0.0.1:${node.port}/rest/${service}/results.json`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ input_port: { Address: batch } }),
    });
    if (!response.ok) throw new Error(`${service} answered ${response.status}: ${await response.text()}`);
    return response.text();
  };
  const step = Math.floor(rows.length / 100);
  const oneRow = padded(await ask(rows.slice(0, 1)));
  const spread = await ask(rows.filter((_, index) => index % step === 0).slice(0, 100));
  const { output_port: output } = JSON.parse(spread) as { output_port: { Status?: string }[] };
  report.note(`${output.filter(({ Status }) => Status !== 'F').length} of 100 sampled rows were found`);
  return { oneRow, manyRows: padded(spread) };
}

function padded(text: string): object {
  const answer = JSON.parse(text) as object;
  const tight = JSON.stringify({ ...answer, padding: '' }).length;
  return { ...answer, padding: ' '.repeat(Math.max(0, text.length - tight)) };
}

/** Resident memory of a process as the kernel counts it. */
function residentMiB({ pid }: ChildProcess): number | undefined {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]) / 1024;
  } catch {
    return undefined;
  }
}
