import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';

/** Shapefile sets of one county, as the Census Bureau publishes them. */
const layers = ['county', 'cousub', 'place', 'faces', 'edges', 'zcta510'] as const;

const extensions = [
  'CREATE EXTENSION fuzzystrmatch',
  'CREATE EXTENSION postgis',
  'CREATE EXTENSION postgis_tiger_geocoder',
  'SET search_path = tiger, public',
  'CREATE SCHEMA census',
] as const;

/**
 * What the loader of the TIGER geocoder makes of those files, with its indexes. ADDR and FEATNAMES are made of EDGES, the
 * parts of a street's name by the geocoder's own reading of it; the county stands for its state.
 */
const tables = [
  `CREATE TEMP TABLE home AS SELECT l.st_code, l.statefp, l.abbrev, l.name AS state_name, c.countyfp, c.geoid, c.name,
     c.namelsad, c.the_geom FROM census.county c JOIN state_lookup l USING (statefp)`,
  'INSERT INTO state (statefp, stusps, name, the_geom) SELECT statefp, abbrev, state_name, the_geom FROM home',
  `INSERT INTO county (statefp, countyfp, cntyidfp, name, namelsad, the_geom)
     SELECT statefp, countyfp, geoid, name, namelsad, the_geom FROM home`,
  `INSERT INTO county_lookup (st_code, state, co_code, name)
     SELECT st_code, abbrev, countyfp::integer, name FROM home`,
  `INSERT INTO cousub (statefp, countyfp, cousubfp, cosbidfp, name, namelsad, the_geom)
     SELECT statefp, countyfp, cousubfp, geoid, name, namelsad, the_geom FROM census.cousub`,
  `INSERT INTO place (statefp, placefp, plcidfp, name, namelsad, the_geom)
     SELECT statefp, placefp, geoid, name, namelsad, the_geom FROM census.place`,
  `INSERT INTO zcta5 (statefp, zcta5ce, the_geom)
     SELECT home.statefp, z.zcta5ce10, z.the_geom FROM census.zcta510 z, home`,
  `INSERT INTO faces (tfid, statefp, countyfp, cousubfp, placefp, the_geom)
     SELECT tfid::numeric, statefp, countyfp, cousubfp, placefp, the_geom FROM census.faces`,
  `INSERT INTO edges (statefp, countyfp, tlid, tfidl, tfidr, mtfcc, fullname, lfromadd, ltoadd, rfromadd, rtoadd, zipl,
     zipr, roadflg, tnidf, tnidt, the_geom) SELECT statefp, countyfp, tlid, tfidl, tfidr, mtfcc, fullname, lfromadd,
     ltoadd, rfromadd, rtoadd, zipl, zipr, roadflg, tnidf, tnidt, the_geom FROM census.edges`,
  `INSERT INTO addr (tlid, fromhn, tohn, side, zip, mtfcc, statefp)
     SELECT tlid, lfromadd, ltoadd, 'L', zipl, mtfcc, statefp FROM edges WHERE lfromadd > '' UNION ALL
     SELECT tlid, rfromadd, rtoadd, 'R', zipr, mtfcc, statefp FROM edges WHERE rfromadd > ''`,
  `CREATE TEMP TABLE street_name AS SELECT fullname,
     normalize_address('1 ' || fullname || ', ' || home.name || ', ' || home.abbrev) AS read
     FROM (SELECT DISTINCT fullname FROM edges WHERE mtfcc LIKE 'S%' AND fullname > '') street, home`,
  `CREATE TEMP TABLE street AS SELECT fullname, (read).streetname AS name, (read).predirabbrev AS predir,
     (read).postdirabbrev AS sufdir, (read).streettypeabbrev AS type, EXISTS (SELECT FROM street_type_lookup
     WHERE is_hw AND abbrev = (read).streettypeabbrev) AS is_highway FROM street_name`,
  `INSERT INTO featnames (tlid, fullname, name, predirabrv, pretypabrv, suftypabrv, sufdirabrv, mtfcc, paflag, statefp)
     SELECT tlid, fullname, name, predir, CASE WHEN is_highway THEN type END, CASE WHEN NOT is_highway THEN type END,
     sufdir, mtfcc, 'P', statefp FROM edges JOIN street USING (fullname) WHERE mtfcc LIKE 'S%'`,
  `INSERT INTO zip_state (zip, stusps, statefp)
     SELECT DISTINCT zip, abbrev, statefp FROM addr JOIN home USING (statefp) WHERE zip > ''`,
  `CREATE TEMP TABLE zip_place AS SELECT e.zipl AS zip, home.abbrev, home.name AS county, e.statefp, p.name AS place,
     count(*) AS edges FROM edges e JOIN home USING (statefp) JOIN faces f ON f.tfid IN (e.tfidl, e.tfidr)
     JOIN place p ON p.placefp = f.placefp WHERE e.zipl > '' GROUP BY 1, 2, 3, 4, 5`,
  `INSERT INTO zip_state_loc (zip, stusps, statefp, place) SELECT zip, abbrev, statefp, place FROM zip_place`,
  `INSERT INTO zip_lookup_base (zip, state, county, city, statefp) SELECT DISTINCT ON (zip) zip, abbrev, county, place,
     statefp FROM zip_place ORDER BY zip, edges DESC`,
  'CREATE INDEX ON edges (tfidl)',
  'CREATE INDEX ON edges (tfidr)',
  'CREATE INDEX ON edges (zipl)',
  'CREATE INDEX ON addr (least_hn(fromhn, tohn))',
  'CREATE INDEX ON place (soundex(name))',
  'CREATE INDEX ON zip_lookup_base (soundex(city))',
  'CREATE INDEX ON zip_state_loc (soundex(place))',
  'SELECT install_missing_indexes()',
  'VACUUM ANALYZE',
] as const;

/** Loads a county into a new database; needs the programs `unzip` and `shp2pgsql`. */
export async function loadTigerTables(client: Client, county: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-tiger-'));
  try {
    for (const statement of extensions) await client.query(statement);
    for (const layer of layers) {
      execFileSync('unzip', ['-qo', `${county}_${layer}.zip`, '-d', folder]);
      await client.query(readLayer(folder, layer));
    }
    for (const statement of tables) await client.query(statement);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The statements that make a table of a shapefile set. */
function readLayer(folder: string, layer: string): string {
  const file = readdirSync(folder).find((name) => name.endsWith(`_${layer}.shp`)) ?? '';
  const words = ['-s', '4269', '-g', 'the_geom', '-W', 'latin1', join(folder, file), `census.${layer}`];
  return execFileSync('shp2pgsql', words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
