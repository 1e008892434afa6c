import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import { listZipEntries, readZipEntry } from './zip-archive.ts';

/** Datums that agree with WGS 84 within a few meters, as well known text names them. */
const nearDatums = /WGS|1983|NAD_?83|ITRF|ETRS|GRS_?(19)?80/i;
const olderDatum = /1927|NAD_?27/i;

/**
 * Refuses a shapefile set whose `.prj` (OGC well known text) says that its coordinates are no degrees, or degrees on
 * another datum: its addresses would lie up to some hundred meters away. Throws `INVALID_SETTING`.
 */
export async function assertDegrees(path: string): Promise<void> {
  const text = await readProjection(path);
  if (text === undefined) return;
  const name = /^\s*\w+\s*\[\s*"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 40);
  if (/^\s*PROJ/i.test(text)) throw refuse(path, `${name}, a projection in meters or feet`);
  const datum = /\b(?:DATUM|ENSEMBLE)\s*\[\s*"([^"]*)"/i.exec(text)?.[1] ?? name;
  if (olderDatum.test(datum)) {
    throw refuse(path, `${name} (NAD 27), which lies up to 200 m from NAD 83 in the United States`);
  }
  if (!nearDatums.test(datum)) throw refuse(path, `${name}, on the datum ${datum}`);
}

async function readProjection(path: string): Promise<string | undefined> {
  if (!path.toLowerCase().endsWith('.zip')) {
    const beside = ['.prj', '.PRJ'].map((ending) => path.replace(/\.shp$/i, ending)).find((file) => existsSync(file));
    return beside && (await readFile(beside, 'utf8'));
  }
  const entry = (await listZipEntries(path)).find(({ name }) => name.toLowerCase().endsWith('.prj'));
  return entry && (await readZipEntry(path, entry)).toString('utf8');
}

function refuse(path: string, system: string): SpectrumError {
  const sentence = `${path}: its .prj says that its coordinates are in ${system}; convert the set to NAD 83 or WGS 84 degrees first, such as with ogr2ogr -t_srs EPSG:4269 converted-${basename(path).replace(/\.\w+$/, '')}.shp ${basename(path)}`;
  return new SpectrumError('INVALID_SETTING', sentence, { path, system });
}
