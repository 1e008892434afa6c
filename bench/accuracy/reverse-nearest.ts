import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type OutputRow, parseOptions, serviceRegistry } from '../../server/services/index.ts';
import { buildFrom } from './built-database.ts';
import { dataFolder } from './geocoding-brute-force.ts';

interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

const file = join(dataFolder, 'address-points-newport-news-va/newport_news_va_points.csv.gz');
const map =
  'number=house_number,street=street,unit=unit,city=city,state=state,postalCode=zip,longitude=lon,latitude=lat';
const metersPerDegree = 111_195;
const rowsPerBatch = 500;
const seed = 20_240_601;

/** Every point of Newport News, moved by up to 10 m in any direction, through ReverseGeocodeUSLocation. */
export async function measureReverse() {
  const points = readPoints();
  const random = randomFrom(seed);
  const asked = points.map((point) => move(point, 10 * random(), 2 * Math.PI * random()));
  const { database, close } = await buildFrom(['--map', map], file);
  const service = serviceRegistry.find(({ name }) => name === 'ReverseGeocodeUSLocation');
  if (!service) throw new Error('the registry has no service ReverseGeocodeUSLocation');
  const rows = asked.map(({ longitude, latitude }) => ({
    Longitude: longitude.toFixed(7),
    Latitude: latitude.toFixed(7),
  }));
  const values = parseOptions(service.options, { LatLonFormat: 'Decimal' });
  const answers: (readonly OutputRow[])[] = [];
  for (let from = 0; from < rows.length; from += rowsPerBatch) {
    const batch = rows.slice(from, from + rowsPerBatch);
    answers.push(...(await service.run(batch, values, { database: () => database })));
  }
  await close();
  const nearest = nearestByRows(points);
  const failures: string[] = [];
  asked.forEach((place, index) => {
    const { Latitude = '', Longitude = '' } = answers[index]?.[0] ?? {};
    const got =
      Latitude === ''
        ? Number.POSITIVE_INFINITY
        : distance(place, { longitude: Number(Longitude), latitude: Number(Latitude) });
    // Answers have six decimals, some ten centimeters.
    const isRight = got <= nearest(place) + 0.15;
    if (!isRight) failures.push(`newport-news: point ${index + 1}: ${got} m, nearest is ${nearest(place)} m`);
  });
  const value = (100 * (points.length - failures.length)) / points.length;
  return {
    measures: [
      { measure: 'newport-news-reverse-nearest', value, unit: '%' },
      { measure: 'newport-news-asked', value: points.length, unit: 'points' },
    ],
    failures,
  };
}

function readPoints(): Place[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n').slice(1);
  // Columns six and seven; none before them is quoted.
  return lines.map((line) => {
    const [, , , , , , latitude, longitude] = line.split(',');
    return { longitude: Number(longitude), latitude: Number(latitude) };
  });
}

/** Walks all points within a band of latitude: nothing of the product's grid. */
function nearestByRows(points: readonly Place[]): (place: Place) => number {
  const sorted = [...points].sort((a, b) => a.latitude - b.latitude);
  const latitudes = sorted.map(({ latitude }) => latitude);
  return (place) => {
    const band = 11 / metersPerDegree;
    let nearest = Number.POSITIVE_INFINITY;
    let at = firstAtOrAbove(latitudes, place.latitude - band);
    for (; at < sorted.length; at += 1) {
      const point = sorted[at];
      if (!point || point.latitude > place.latitude + band) break;
      nearest = Math.min(nearest, distance(place, point));
    }
    return nearest;
  };
}

function firstAtOrAbove(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function distance(left: Place, right: Place): number {
  const eastScale = metersPerDegree * Math.cos((left.latitude * Math.PI) / 180);
  return Math.hypot((left.longitude - right.longitude) * eastScale, (left.latitude - right.latitude) * metersPerDegree);
}

function move({ longitude, latitude }: Place, meters: number, angle: number): Place {
  const eastScale = metersPerDegree * Math.cos((latitude * Math.PI) / 180);
  return {
    longitude: longitude + (meters * Math.cos(angle)) / eastScale,
    latitude: latitude + (meters * Math.sin(angle)) / metersPerDegree,
  };
}

/** Mulberry32: the same sequence on every machine. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
