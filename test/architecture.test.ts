import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Which room may import which (docs/architecture.md). A new arrow is a new word in this table, reviewed as an
 * architecture change. `foundation` and `contract` are open to every room and import none but each other.
 */
const arrows: Record<string, readonly string[]> = {
  bin: ['lib'],
  config: ['lib'],
  lib: [],
  lambda: ['cluster'],
  contract: [],
  cli: ['client'],
  client: [],
  'server/foundation': [],
  'server/configuration': [],
  'server/reference-data': [],
  'server/address': ['reference-data'],
  'server/object-store': [],
  'server/delimited': [],
  'server/builder': ['address', 'delimited', 'object-store', 'reference-data'],
  'server/partitions': ['delimited', 'object-store', 'reference-data', 'services'],
  'server/services': ['address', 'reference-data'],
  'server/secrets': [],
  'server/cluster': ['configuration'],
  'server/dataflow': [],
  'server/dataflow-format': ['dataflow'],
  'server/dataflow-services': ['configuration', 'dataflow', 'services'],
  'server/record-formats': ['dataflow'],
  'server/connections': ['dataflow', 'object-store'],
  'server/stages': ['dataflow', 'record-formats', 'services'],
  'server/jobs': ['cluster', 'configuration', 'dataflow', 'delimited', 'object-store', 'reference-data', 'services'],
  'server/schedules': ['cluster', 'configuration'],
  'server/notifications': ['configuration'],
  'server/process-flows': ['cluster', 'configuration'],
  'server/http': ['services', 'configuration', 'cluster'],
};

/** Files that wire everything, or that start another room's program as a child process. */
const wiring = new Set([
  'server/boot.ts',
  'server/main.ts',
  'server/job-worker.ts',
  'server/deferred-jobs.ts',
  'server/node-jobs.ts',
  'server/node-services.ts',
  'server/deferred-services.ts',
  'server/node-flows.ts',
  'server/app.ts',
  'server/settings.ts',
  'server/database-resources.ts',
  'server/database-uses.ts',
  'server/parent.ts',
  'server/processes.ts',
  'server/user-access.ts',
  'server/chores.ts',
  'server/audit-archive.ts',
  'server/secret-access.ts',
]);

/** Rooms that others enter by any file, not only by `index.ts`. */
const openRooms = new Set(['contract', 'foundation']);

const root = resolve(__dirname, '..');
const files = sourceFiles(root);

test('finds the source files', () => {
  expect(files.length).toBeGreaterThan(20);
});

test('every import follows an arrow of the table and enters a room by its index', () => {
  const wrong = files.filter((file) => !wiring.has(file)).flatMap(wrongImports);
  expect(wrong).toEqual([]);
});

test('no source file imports another in a circle', () => {
  expect(findCircle(new Map(files.map((file) => [file, importsOf(file).filter(isSource)])))).toBeUndefined();
});

test('only the table client, the object store and the secrets reach the AWS SDK in the server', () => {
  const users = files.filter(
    (file) => file.startsWith('server/') && importsOf(file).some((name) => name.startsWith('@aws-sdk/')),
  );
  const rooms = ['server/configuration/', 'server/object-store/', 'server/secrets/'];
  expect(users.every((file) => rooms.some((room) => file.startsWith(room)) || wiring.has(file))).toBe(true);
});

test('HTTP belongs to the gateway', () => {
  const users = files.filter((file) => importsOf(file).some((name) => name === 'fastify'));
  expect(users.filter((file) => !file.startsWith('server/http/') && !wiring.has(file))).toEqual([]);
});

function wrongImports(file: string): string[] {
  const from = roomOf(file);
  if (!(from in arrows)) return [`${file}: room ${from} is not in the table`];
  return importsOf(file)
    .filter(isSource)
    .flatMap((target) => {
      const to = roomOf(target);
      if (to === from) return [];
      const name = to.replace(/^server\//, '');
      if (!openRooms.has(name) && !(arrows[from] ?? []).includes(name)) return [`${file} → ${target}: no such arrow`];
      const offered = openRooms.has(name) || target === `${to}/index.ts` || !target.startsWith('server/');
      return offered ? [] : [`${file} → ${target}: enter by ${to}/index.ts`];
    });
}

function roomOf(file: string): string {
  const [first, second] = file.split('/');
  return first === 'server' ? `server/${second}` : String(first);
}

function isSource(target: string): boolean {
  return /^(bin|config|lib|lambda|contract|cli|client|server)\//.test(target);
}

/** Import specifiers of a file; relative ones as paths from the root. Type imports count: they are arrows too. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const names = [...text.matchAll(/^\s*(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
  return names
    .map(([, from, dynamic]) => from ?? dynamic ?? '')
    .map((name) => (name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name));
}

function findCircle(graph: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

function sourceFiles(top: string): string[] {
  const rooms = ['bin', 'config', 'lib', 'lambda', 'contract', 'cli', 'client', 'server'];
  return rooms
    .filter((room) => existsSync(join(top, room)))
    .flatMap((room) =>
      readdirSync(join(top, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
    )
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'));
}
