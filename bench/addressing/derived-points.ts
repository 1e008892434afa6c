import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { PoolAddress } from './pool.ts';

const header = 'LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH';
/** A neighbour's lot is some twenty meters farther. */
const lotDegrees = 0.0002;

/**
 * Writes `count` different address points in the columns of OpenAddresses, in passes over the pool in its order: every
 * street keeps its name, city and ZIP Code, and gets so many houses that all are different. Returns where each pool
 * address's first point is.
 */
export async function writeDerivedPoints(
  path: string,
  pool: readonly PoolAddress[],
  count: number,
): Promise<readonly PoolAddress[]> {
  const file = createWriteStream(path, { highWaterMark: 4_194_304 });
  file.write(`${header}\n`);
  const { places, sizes } = placeOnStreets(pool);
  const firstNumber = (at: number, pass: number): number => {
    const { street, place } = places[at] as StreetPlace;
    return 100 + 2 * (place + pass * (sizes.get(street) ?? 1));
  };
  let text = '';
  for (let row = 0; row < count; row += 1) {
    const [at, pass] = [row % pool.length, Math.floor(row / pool.length)];
    const { street, city, state, postalCode, longitude, latitude } = pool[at] as PoolAddress;
    const east = (longitude + pass * lotDegrees).toFixed(6);
    text += `${east},${latitude.toFixed(6)},${firstNumber(at, pass)},${street},,${city},,${state},${postalCode},,\n`;
    if (text.length < 1_048_576) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  return pool.map((address, at) => ({ ...address, unit: '', number: String(firstNumber(at, 0)) }));
}

interface StreetPlace {
  readonly street: string;
  readonly place: number;
}

/** Which of the pool's addresses on its street each is, and how many a street has. */
function placeOnStreets(pool: readonly PoolAddress[]) {
  const sizes = new Map<string, number>();
  const places = pool.map(({ street, postalCode }): StreetPlace => {
    const key = `${postalCode} ${longestWord(street)}`;
    const place = sizes.get(key) ?? 0;
    sizes.set(key, place + 1);
    return { street: key, place };
  });
  return { places, sizes };
}

/** Two spellings of one street, such as `Main St` and `MAIN STREET`, nearly always share it. */
function longestWord(street: string): string {
  return street
    .toUpperCase()
    .split(' ')
    .reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}
