import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigurationDatabase } from '../../server/configuration/model.ts';
import { ensureConfigurationTables, openConfiguration } from '../../server/configuration/open.ts';
import { settingWrite } from '../../test/support/table-configuration.ts';
import type { TableProcess } from './table-process.ts';

const rounds = 12;

/** Milliseconds from acknowledgement to visibility, for every change and follower, over real connections. */
export async function measurePropagation(tables: TableProcess, followers: number): Promise<number[]> {
  const table = tables.settings(`followers-${followers}`);
  await ensureConfigurationTables(table);
  const options = { table, clusterName: 'bench', followers: () => followers };
  const nodes = await Promise.all(Array.from({ length: followers }, () => openConfiguration(options)));
  const writer = await openConfiguration(options);
  const all: number[] = [];
  await pause(3_000);
  for (let round = 0; round < rounds; round++) {
    all.push(...(await propagate(writer, nodes, `s${round}`)));
    // Until everybody is at rest again, and at no fixed place in their rhythm.
    await pause(3_000 + Math.random() * 700);
  }
  for (const node of [...nodes, writer]) await node.close();
  return all;
}

async function propagate(
  writer: ConfigurationDatabase,
  nodes: readonly ConfigurationDatabase[],
  name: string,
): Promise<number[]> {
  let committedMs = 0;
  const seen = nodes.map(
    (node) =>
      new Promise<number>((resolve) => {
        const stop = node.onChange((snapshot) => {
          if (!snapshot.find('setting', name)) return;
          stop();
          resolve(performance.now());
        });
      }),
  );
  await writer.commit(settingWrite(name, 1));
  committedMs = performance.now();
  return (await Promise.all(seen)).map((atMs) => Math.max(0, atMs - committedMs));
}

/** Writes a second of several nodes that write as fast as they are answered. */
export async function measureWrites(tables: TableProcess, writers: number): Promise<number> {
  const table = tables.settings(`writers-${writers}`);
  await ensureConfigurationTables(table);
  const options = { table, clusterName: 'bench', writeDeadlineMs: 60_000, followers: () => writers };
  const nodes = await Promise.all(Array.from({ length: writers }, () => openConfiguration(options)));
  const writesEach = Math.ceil(320 / writers);
  const startMs = performance.now();
  await Promise.all(
    nodes.map(async (node, index) => {
      for (let write = 0; write < writesEach; write++) await node.commit(settingWrite(`s${index}-${write}`, write));
    }),
  );
  const perSecond = (writesEach * writers) / ((performance.now() - startMs) / 1_000);
  for (const node of nodes) await node.close();
  return perSecond;
}
