import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type AddressDatabase, type Coordinates, distanceMeters } from '../../server/reference-data/index.ts';
import type { InputRow, OutputRow } from '../../server/services/index.ts';
import { findPostgresql, startPostgresql } from '../../test/support/postgresql-server.ts';
import { buildFrom } from '../accuracy/built-database.ts';
import { createReport, median, type Report } from '../report.ts';
import { readProcess } from './builder-process.ts';
import { ratioOf, takeProcessorSeconds } from './rates.ts';
import { answerRows } from './services.ts';
import { loadTigerTables } from './tiger-tables.ts';

const suite = 'addressing';
const county = join(import.meta.dirname, '../../../shared/data/tiger-kenosha-55059/tl_2014_55059');
const measures = ['geocode-batch-vs-postgis', 'reverse-batch-vs-postgis'] as const;
const rounds = 3;
const sampledRows = 1_000;
/** Our side does the same rows so often in a round, so that a round takes long enough to be timed. */
const repeats = 10;
/** Farther from the place asked for, an answer says nothing about it. */
const usefulMeters = 200;

/** A house number within a range, and the place of that number on the line of its street. */
interface Asked {
  readonly number: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly place: Coordinates;
  /** Ten meters aside of the line. */
  readonly aside: Coordinates;
}

interface Answer {
  readonly text: string;
  readonly place: Coordinates | undefined;
}

/**
 * Geocodes and reverse geocodes a second of processor time, beside one connection to PostGIS with its TIGER geocoder: the
 * same county, the same rows, in turns, both warm.
 */
export async function measureBesidePostgis(report: Report): Promise<void> {
  const bin = findPostgresql();
  const missing = findMissing(bin);
  if (bin === undefined || missing !== undefined) {
    const skipped = `${missing} is not here; install the Debian packages postgresql, postgis and postgresql-*-postgis-3`;
    report.note(`SKIPPED: ${measures.join(' and ')}: ${skipped}`);
    for (const measure of measures) report.add({ suite, measure, skipped });
    return;
  }
  const server = await startPostgresql(bin, '512MB');
  const client = new Client({ host: server.socketFolder, user: 'spectrum', database: 'postgres' });
  const built = await buildFrom([], `${county}_edges.zip`);
  try {
    await client.connect();
    await loadTigerTables(client, county);
    const asked = await sampleRanges(client);
    await compareGeocoding(client, built.database, asked, report);
    await compareReverse(client, built.database, asked, report);
  } finally {
    await client.end();
    await server.stop();
    await built.close();
  }
}

function findMissing(bin: string | undefined): string | undefined {
  if (!existsSync(`${county}_edges.zip`)) return '../shared/data';
  if (bin === undefined) return 'PostgreSQL';
  if (!hasProgram('shp2pgsql', '-?')) return 'shp2pgsql of PostGIS';
  if (!hasProgram('unzip', '-v')) return 'unzip';
  const shared = execFileSync(join(bin, 'pg_config'), ['--sharedir'], { encoding: 'utf8' }).trim();
  return existsSync(join(shared, 'extension/postgis_tiger_geocoder.control')) ? undefined : 'the TIGER geocoder';
}

function hasProgram(name: string, word: string): boolean {
  try {
    execFileSync(name, [word], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** So many sides of streets in an order that has nothing to do with the map, with a number in the middle third of each. */
async function sampleRanges(client: Client): Promise<readonly Asked[]> {
  const { rows } = await client.query<Readonly<Record<string, string>>>(
    `WITH side AS (
       SELECT a.tlid, a.side, a.zip, a.statefp, a.fromhn, a.tohn, least(a.fromhn::integer, a.tohn::integer) AS low,
         abs(a.tohn::integer - a.fromhn::integer) / 2 AS steps, abs(hashint8(a.tlid)) AS pick
       FROM addr a WHERE a.fromhn ~ '^[0-9]{1,6}$' AND a.tohn ~ '^[0-9]{1,6}$' AND a.zip > ''),
     numbered AS (SELECT *, low + 2 * (steps / 3 + pick % greatest(1, steps / 3)) AS number FROM side WHERE steps >= 3)
     SELECT n.number::text, e.fullname AS street, p.name AS city, s.stusps AS state, n.zip,
       ST_X(line.at) AS on_x, ST_Y(line.at) AS on_y, ST_X(line.aside) AS by_x, ST_Y(line.aside) AS by_y
     FROM numbered n JOIN edges e USING (tlid) JOIN state s ON s.statefp = n.statefp
       JOIN faces f ON f.tfid = CASE n.side WHEN 'L' THEN e.tfidl ELSE e.tfidr END
       JOIN place p ON p.placefp = f.placefp,
       LATERAL (SELECT interpolate_from_address(n.number, n.fromhn, n.tohn, e.the_geom, n.side, 0) AS at,
         interpolate_from_address(n.number, n.fromhn, n.tohn, e.the_geom, n.side, 10) AS aside) line
     WHERE e.fullname > '' AND e.mtfcc LIKE 'S%' ORDER BY n.pick, n.side LIMIT $1`,
    [sampledRows],
  );
  return rows.map(({ number = '', street = '', city = '', state = '', zip = '', on_x, on_y, by_x, by_y }) => ({
    ...{ number, street, city, state, zip },
    place: { longitude: Number(on_x), latitude: Number(on_y) },
    aside: { longitude: Number(by_x), latitude: Number(by_y) },
  }));
}

async function compareGeocoding(client: Client, database: AddressDatabase, asked: readonly Asked[], report: Report) {
  const lines = asked.map(({ number, street, city, state, zip }) => `${number} ${street}, ${city}, ${state} ${zip}`);
  const rows = asked.map(
    ({ number, street, city, state, zip }): InputRow => ({
      AddressLine1: `${number} ${street}`,
      City: city,
      StateProvince: state,
      PostalCode: zip,
    }),
  );
  const query = `SELECT pprint_addy(g.addy) AS text, ST_X(g.geomout) AS x, ST_Y(g.geomout) AS y
    FROM unnest($1::text[]) WITH ORDINALITY AS asked (line, at) LEFT JOIN LATERAL geocode(asked.line, 1) g ON true ORDER BY at`;
  await compare(report, {
    measure: 'geocode-batch-vs-postgis',
    asked,
    wanted: asked.map(({ place }) => place),
    ours: async () => (await answerRows('GeocodeUSAddress', rows, database)).map(toAnswer),
    theirs: async () => (await client.query<PostgisRow>(query, [lines])).rows.map(fromPostgis),
    client,
  });
}

async function compareReverse(client: Client, database: AddressDatabase, asked: readonly Asked[], report: Report) {
  const places = asked.map(({ aside }) => aside);
  const rows = places.map(
    ({ longitude, latitude }): InputRow => ({ Longitude: String(longitude), Latitude: String(latitude) }),
  );
  const query = `SELECT pprint_addy(r.addy[1]) AS text, ST_X(r.intpt[1]) AS x, ST_Y(r.intpt[1]) AS y
    FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS asked (x, y, at)
    LEFT JOIN LATERAL reverse_geocode(ST_SetSRID(ST_Point(asked.x, asked.y), 4269)) r ON true ORDER BY at`;
  const values = [places.map(({ longitude }) => longitude), places.map(({ latitude }) => latitude)];
  await compare(report, {
    measure: 'reverse-batch-vs-postgis',
    asked,
    wanted: places,
    ours: async () => (await answerRows('ReverseGeocodeUSLocation', rows, database)).map(toAnswer),
    theirs: async () => (await client.query<PostgisRow>(query, values)).rows.map(fromPostgis),
    client,
  });
}

interface PostgisRow {
  readonly text: string | null;
  readonly x: number | null;
  readonly y: number | null;
}

function fromPostgis({ text, x, y }: PostgisRow): Answer {
  return { text: text ?? '', place: x === null || y === null ? undefined : { longitude: x, latitude: y } };
}

function toAnswer({ AddressLine1 = '', Longitude = '', Latitude = '' }: OutputRow): Answer {
  const place = Longitude === '' ? undefined : { longitude: Number(Longitude), latitude: Number(Latitude) };
  return { text: AddressLine1, place };
}

interface Comparison {
  readonly measure: (typeof measures)[number];
  readonly asked: readonly Asked[];
  /** Where each answer should lie. */
  readonly wanted: readonly Coordinates[];
  readonly ours: () => Promise<readonly Answer[]>;
  readonly theirs: () => Promise<readonly Answer[]>;
  readonly client: Client;
}

async function compare(report: Report, comparison: Comparison): Promise<void> {
  const { measure, asked, ours, theirs, client } = comparison;
  const repeat = async () => {
    for (let run = 0; run < repeats; run += 1) await ours();
  };
  await repeat();
  const [answers, theirAnswers] = [await ours(), await theirs()];
  report.note(`${measure}: ours ${describe(answers, comparison)}; PostGIS ${describe(theirAnswers, comparison)}`);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = () => readProcess(rows[0]?.pid)?.processorSeconds ?? Number.NaN;
  const [rates, theirRates]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const seconds = await takeProcessorSeconds(repeat);
    rates.push((repeats * asked.length) / seconds);
    const before = backend();
    await theirs();
    theirRates.push(asked.length / (backend() - before));
  }
  const baseline = { name: 'PostGIS, one connection', value: median(theirRates) };
  const ratio = ratioOf(rates, theirRates);
  report.add({ suite, measure, value: median(rates), unit: 'rows/s', baseline, ratio });
}

/** How many answers name the street and lie near the place, and how far from it those of them lie in the middle. */
function describe(answers: readonly Answer[], { asked, wanted }: Comparison): string {
  const meters = answers.flatMap(({ text, place }, at) => {
    const [{ street = '' } = {}, right] = [asked[at], wanted[at]];
    const isNamed = text.toUpperCase().includes(street.toUpperCase());
    const off = place && right ? distanceMeters(place, right) : Number.POSITIVE_INFINITY;
    return isNamed && off <= usefulMeters ? [off] : [];
  });
  const share = ((100 * meters.length) / asked.length).toFixed(1);
  return `found ${share} % of ${asked.length}, median distance ${median(meters).toFixed(1)} m`;
}

if (process.argv[1] === import.meta.filename) {
  await measureBesidePostgis(createReport(process.argv.includes('--json') ? 'json' : 'text'));
}
