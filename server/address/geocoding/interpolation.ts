import {
  type AddressPointRecord,
  type AddressRangeRecord,
  type BlockNumbering,
  type Coordinates,
  metersPerDegree,
} from '../../reference-data/index.ts';
import { shareOfRange } from './share-of-range.ts';

export interface InterpolationOptions {
  /** How far both ends of a segment are pulled in, so that corner addresses do not lie on the intersection. */
  readonly squeezeMeters: number;
  /** How far from the street's line, to the side of the address. */
  readonly offsetMeters: number;
  /** That of the database. */
  readonly numbering: BlockNumbering | undefined;
}

/** A place on a segment. */
export interface SegmentPlace {
  readonly coordinates: Coordinates;
  /** Share of the segment's length from its low end, 0 to 1. */
  readonly fraction: number;
}

interface Flat {
  readonly x: number;
  readonly y: number;
}

/** Whether a range counts this house number: within its bounds and of its parity. */
export function containsHouseNumber({ low, high, parity }: AddressRangeRecord, houseNumber: number): boolean {
  const isOdd = houseNumber % 2 !== 0;
  return houseNumber >= low && houseNumber <= high && (parity === 'B' || (parity === 'O') === isOdd);
}

/**
 * The place of a house number on its range (geocoding reference 1.7): its share of the squeezed segment, then moved
 * perpendicular to the side of the range. A segment of one number is taken at its middle.
 */
export function interpolate(
  range: AddressRangeRecord,
  houseNumber: number,
  options: InterpolationOptions,
): SegmentPlace {
  const meters = options.numbering ? lengthMeters(range.shape) : 0;
  return placeAlong(range, shareOfRange(range, houseNumber, meters, options.numbering), options);
}

/** The middle of a segment, on its line. */
export function midpoint(range: AddressRangeRecord): SegmentPlace {
  return placeAlong(range, 0.5, { squeezeMeters: 0, offsetMeters: 0, numbering: undefined });
}

/**
 * Between the nearest lower and higher point of the same parity, by number; undefined unless there are both.
 * @param points of one street, in house-number order
 */
export function interpolateBetweenPoints(
  points: readonly AddressPointRecord[],
  houseNumber: number,
): Coordinates | undefined {
  let [lower, upper]: ({ number: number; place: Coordinates } | undefined)[] = [];
  for (const { houseNumber: text, coordinates } of points) {
    const number = Number.parseInt(text, 10);
    if (!(number >= 0) || Math.abs(number - houseNumber) % 2 !== 0) continue;
    if (number < houseNumber) lower = { number, place: coordinates };
    else upper ??= { number, place: coordinates };
  }
  if (!lower || !upper) return undefined;
  const share = (houseNumber - lower.number) / (upper.number - lower.number || 1);
  return {
    longitude: lower.place.longitude + (upper.place.longitude - lower.place.longitude) * share,
    latitude: lower.place.latitude + (upper.place.latitude - lower.place.latitude) * share,
  };
}

/** The point of a shape nearest to a place; `side` is where the place lies, seen along the shape. */
export interface Projection extends SegmentPlace {
  readonly side: 'L' | 'R';
  readonly distanceMeters: number;
}

export function project(place: Coordinates, shape: readonly Coordinates[]): Projection {
  const vertices = flatten(shape, place);
  const lengths = cumulativeLengths(vertices);
  const total = lengths.at(-1) ?? 0;
  let best = { distance: Number.POSITIVE_INFINITY, along: 0, at: { x: 0, y: 0 }, cross: 0 };
  for (let index = 1; index < vertices.length; index += 1) {
    const [start, end] = [vertices[index - 1], vertices[index]];
    if (!start || !end) continue;
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const squared = dx * dx + dy * dy;
    const share = squared === 0 ? 0 : clamp(-(start.x * dx + start.y * dy) / squared, 0, 1);
    const at = { x: start.x + share * dx, y: start.y + share * dy };
    const distance = lengthOf(at.x, at.y);
    if (distance >= best.distance) continue;
    // Positive when the place, which is the origin, lies to the left of the piece.
    const cross = dx * -start.y - dy * -start.x;
    best = { distance, along: (lengths[index - 1] ?? 0) + share * Math.sqrt(squared), at, cross };
  }
  return {
    coordinates: unflatten(best.at, place),
    fraction: total === 0 ? 0.5 : best.along / total,
    side: best.cross >= 0 ? 'L' : 'R',
    distanceMeters: best.distance,
  };
}

/** Length of a shape in meters, the ground taken as flat around its start. */
export function lengthMeters(shape: readonly Coordinates[]): number {
  const [start] = shape;
  return start ? (cumulativeLengths(flatten(shape, start)).at(-1) ?? 0) : 0;
}

function placeAlong(range: AddressRangeRecord, share: number, options: InterpolationOptions): SegmentPlace {
  const [start = { longitude: 0, latitude: 0 }] = range.shape;
  const vertices = flatten(range.shape, start);
  const lengths = cumulativeLengths(vertices);
  const total = lengths.at(-1) ?? 0;
  const squeeze = Math.min(options.squeezeMeters, total / 2);
  const along = squeeze + clamp(share, 0, 1) * (total - 2 * squeeze);
  const index = Math.max(
    1,
    lengths.findIndex((length) => length >= along && length > 0),
  );
  const from = vertices[index - 1] ?? { x: 0, y: 0 };
  const to = vertices[index] ?? from;
  const piece = (lengths[index] ?? 0) - (lengths[index - 1] ?? 0);
  const step = piece === 0 ? 0 : (along - (lengths[index - 1] ?? 0)) / piece;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  // The left normal of the direction of travel is (-dy, dx).
  const offset = piece === 0 ? 0 : ((range.side === 'L' ? 1 : -1) * options.offsetMeters) / piece;
  const at = { x: from.x + step * dx - offset * dy, y: from.y + step * dy + offset * dx };
  return { coordinates: unflatten(at, start), fraction: total === 0 ? 0.5 : along / total };
}

/** Meters east and north of `origin`; a segment is far too short for the curvature to matter. */
function flatten(shape: readonly Coordinates[], origin: Coordinates): Flat[] {
  const eastScale = metersPerDegree * Math.cos((origin.latitude * Math.PI) / 180);
  return shape.map(({ longitude, latitude }) => ({
    x: (longitude - origin.longitude) * eastScale,
    y: (latitude - origin.latitude) * metersPerDegree,
  }));
}

function unflatten({ x, y }: Flat, origin: Coordinates): Coordinates {
  const eastScale = metersPerDegree * Math.cos((origin.latitude * Math.PI) / 180);
  return { longitude: origin.longitude + x / eastScale, latitude: origin.latitude + y / metersPerDegree };
}

function cumulativeLengths(vertices: readonly Flat[]): number[] {
  const lengths: number[] = [];
  let total = 0;
  let before = vertices[0];
  for (const vertex of vertices) {
    if (before) total += lengthOf(vertex.x - before.x, vertex.y - before.y);
    lengths.push(total);
    before = vertex;
  }
  return lengths;
}

/** `Math.hypot` takes several times as long, for magnitudes that meters on a street never have. */
function lengthOf(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
