import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Report } from '../report.ts';
import { listAddressRows } from './addresses.ts';
import { adminPassword, BenchCluster, cores, type RunningProgram } from './processes.ts';
import { formatGets, formatPosts, service, writeRequests } from './requests.ts';
import { formatSoapPosts } from './soap.ts';

const suite = 'http';
const rounds = 7;
const connections = 8;
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
  for (let round = 0; round < rounds; round++) {
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
  const getFile = join(cluster.folder, 'gets');
  const postFile = join(cluster.folder, 'posts');
  const gets = formatGets(rows, authorization);
  const posts = formatPosts(rows, authorization);
  // The same rows by both interfaces; a quarter of them is enough for a ratio.
  const someRows = rows.filter((_row, index) => Math.floor(index / 100) % 4 === 0);
  const soapFile = join(cluster.folder, 'soap');
  const soapRivalFile = join(cluster.folder, 'soap-rival');
  writeRequests(soapFile, formatSoapPosts(someRows, authorization));
  writeRequests(soapRivalFile, formatPosts(someRows, authorization));
  writeRequests(getFile, gets);
  writeRequests(postFile, posts);
  const node = await cluster.startNode(cores?.server);
  const answers = await sampleAnswers(node, rows, report);
  const bare = await cluster.start(join(import.meta.dirname, 'bare-server.js'), {}, cores?.server, answers);
  const client = await cluster.start(join(import.meta.dirname, 'load-client.js'), {}, cores?.others);
  const load = (server: RunningProgram, requestFile: string) => measureRate(client.child, server.port, requestFile);

  report.note(
    `${rows.length} different rows, ${gets.length} GETs and ${posts.length} POSTs of 100 rows a round, ${connections} connections`,
  );
  const rates = {
    nodeGet: [] as number[],
    bareGet: [] as number[],
    nodePost: [] as number[],
    barePost: [] as number[],
    nodeSoap: [] as number[],
    soapRival: [] as number[],
  };
  for (let round = 0; round <= rounds; round++) {
    const measured = {
      bareGet: await load(bare, getFile),
      nodeGet: await load(node, getFile),
      barePost: await load(bare, postFile),
      nodePost: await load(node, postFile),
      nodeSoap: await load(node, soapFile),
      soapRival: await load(node, soapRivalFile),
    };
    // The first round warms both servers up.
    if (round === 0) continue;
    for (const name of Object.keys(rates) as (keyof typeof rates)[]) rates[name].push(measured[name]);
  }
  const rows100 = (each: readonly number[]) => each.map((rate) => 100 * rate);
  compare(report, 'get-one-row', 'requests/s', rates.nodeGet, rates.bareGet);
  compare(report, 'post-100-rows', 'rows/s', rows100(rates.nodePost), rows100(rates.barePost));
  compare(report, 'soap-100-rows', 'rows/s', rows100(rates.nodeSoap), rows100(rates.soapRival), 'REST JSON');
}

/** The two sides of a round follow each other, so their ratio is taken round by round: a slow minute slows both. */
function compare(
  report: Report,
  measure: string,
  unit: string,
  values: readonly number[],
  baselines: readonly number[],
  name = 'bare node:http',
): void {
  const ratio = median(values.map((value, round) => value / (baselines[round] ?? Number.NaN)));
  report.add({ suite, measure, value: median(values), unit, baseline: { name, value: median(baselines) }, ratio });
}

/** One pass over all requests of a file; requests a second. Any answer but 200 ends the measurement. */
async function measureRate(client: ChildProcess, port: number, requestFile: string): Promise<number> {
  const result = await new Promise<LoadResult>((resolve, reject) => {
    client.once('message', (message: { result?: LoadResult; error?: string }) =>
      message.result ? resolve(message.result) : reject(new Error(message.error)),
    );
    client.send({ port, requestFile, connections });
  });
  const { seconds, requests, statuses } = result;
  if (statuses['200'] !== requests) throw new Error(`not every answer was 200: ${JSON.stringify(statuses)}`);
  return requests / seconds;
}

interface LoadResult {
  readonly seconds: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
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
