import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Question } from './load.ts';

export const switchedDatabase = 'switched';
export const switchedVintages = ['q1', 'q2'] as const;

const rowsPerPost = 20;
const addresses = 400;
/** Every point of the second vintage lies so much farther north, so that each row of an answer tells its vintage. */
const northDegrees = 0.001;

interface DemonstrationAddress {
  readonly address1: string;
  readonly address2: string;
  readonly city?: string;
  readonly state: string;
  readonly postalCode: string;
  readonly coordinates: { readonly lat: number; readonly lng: number };
}

/** Builds two vintages of one database that differ in every position; `out` is the folder of databases. */
export function buildSwitchedVintages(out: string): void {
  mkdirSync(out, { recursive: true });
  const file = createRequire(resolve('package.json')).resolve('rrad/addresses-us-all.min.json');
  const { addresses: points } = JSON.parse(readFileSync(file, 'utf8')) as { addresses: DemonstrationAddress[] };
  for (const [at, vintage] of switchedVintages.entries()) {
    const rows = points.map(({ address1, city = '', state, postalCode, coordinates: { lat, lng } }) =>
      [`"${address1}"`, `"${city}"`, state, postalCode, lng, lat + at * northDegrees].join(','),
    );
    const source = join(out, `${vintage}.csv`);
    writeFileSync(source, `${['ADDRESS,CITY,STATE,ZIP,X,Y', ...rows].join('\n')}\n`);
    const map = 'address=ADDRESS,city=CITY,state=STATE,postalCode=ZIP,longitude=X,latitude=Y';
    const words = ['--name', switchedDatabase, '--vintage', vintage, '--out', out, '--map', map, source];
    execFileSync(process.execPath, [resolve('cli/launcher.cjs'), 'data', 'build', ...words], { stdio: 'pipe' });
  }
}

/** Geocoding of addresses against the resource, by GET and by POST of several rows. */
export function listGeocodings(
  rows: readonly Readonly<Record<string, string>>[],
  password: string,
): readonly Question[] {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const path = '/rest/GeocodeUSAddress/results.json';
  const some = rows.slice(0, addresses);
  const posts = Array.from({ length: addresses / rowsPerPost }, (_, at): Question => {
    const batch = some.slice(at * rowsPerPost, (at + 1) * rowsPerPost);
    const body = JSON.stringify({ options: { Dataset: switchedDatabase }, input_port: { Address: batch } });
    return { method: 'POST', path, body, headers: { authorization, 'content-type': 'application/json' } };
  });
  const gets = some.slice(0, posts.length).map((row): Question => {
    const data = Object.entries(row).map(([name, value]): [string, string] => [`Data.${name}`, value]);
    const query = new URLSearchParams([...data, ['Option.Dataset', switchedDatabase]]);
    return { method: 'GET', path: `${path}?${query}`, headers: { authorization } };
  });
  return [...posts, ...gets];
}
