import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readShapeTable } from '../reading/shapefile.ts';

/** The name of the city, town or village that an area of the map (TFID) lies in; empty outside of any. */
export type FindPlace = (face: string) => string;

/** FACES of the county and PLACE of the county or its state, where they lie beside a file of EDGES. */
export function listPlaceFiles(path: string): readonly string[] {
  const [, start = '', area = ''] = /^(tl_\d{4}_)(\d{5})_edges\.(?:zip|shp)$/i.exec(basename(path)) ?? [];
  if (start === '') return [];
  const faces = findBeside(path, [`${start}${area}_faces`]);
  const places = findBeside(path, [`${start}${area}_place`, `${start}${area.slice(0, 2)}_place`]);
  return faces && places ? [faces, places] : [];
}

/** Without those files no area has a name. */
export async function openPlaces(path: string): Promise<FindPlace> {
  const [faces, places] = listPlaceFiles(path);
  if (!faces || !places) return () => '';
  const names = new Map<string, string>();
  for await (const { STATEFP = '', PLACEFP = '', NAME = '' } of readShapeTable(places))
    names.set(STATEFP + PLACEFP, NAME);
  const nameOfFace = new Map<string, string>();
  for await (const { TFID = '', STATEFP = '', PLACEFP = '' } of readShapeTable(faces)) {
    const name = names.get(STATEFP + PLACEFP);
    if (name !== undefined) nameOfFace.set(TFID, name);
  }
  return (face) => nameOfFace.get(face) ?? '';
}

function findBeside(path: string, names: readonly string[]): string | undefined {
  const candidates = names.flatMap((name) => ['.zip', '.shp'].map((ending) => join(dirname(path), name + ending)));
  return candidates.find((candidate) => existsSync(candidate));
}
