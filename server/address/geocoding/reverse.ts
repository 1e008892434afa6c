import type {
  AddressPointRecord,
  AddressRangeRecord,
  Coordinates,
  NearbyPoint,
  StreetRecord,
  StreetView,
} from '../../reference-data/index.ts';
import { type InterpolationOptions, interpolate, lengthMeters, project } from './interpolation.ts';
import { numberAtShare } from './share-of-range.ts';

export interface ReverseSettings {
  readonly searchMeters: number;
  /** Both by default. */
  readonly searchesPoints?: boolean;
  readonly searchesSegments?: boolean;
  readonly interpolation: InterpolationOptions;
}

/** What lies nearest to a place. */
export interface ReverseResult {
  readonly kind: 'point' | 'segment';
  readonly street: StreetRecord;
  readonly houseNumber: string;
  /** Set when exactly one unit lies there; the building alone otherwise. */
  readonly point: AddressPointRecord | undefined;
  readonly range: AddressRangeRecord | undefined;
  readonly side: 'L' | 'R' | '';
  readonly coordinates: Coordinates;
  readonly distanceMeters: number;
  /** Share of the segment's length from its low end, in percent; 0 for points. */
  readonly percent: number;
}

/** Distances closer than this, a tenth of a foot, are equal: coordinates are kept to about as much. */
const tieMeters = 0.03;

/** Enough to see all units of a large building at one place. */
const nearestLimit = 500;

/**
 * The nearest address points and segments within the search distance, several when they are equally near, none when
 * nothing is within it. Pure, so that `AddressDatabase.read` may run it again.
 */
export function reverseGeocode(
  view: StreetView,
  place: Coordinates,
  settings: ReverseSettings,
): readonly ReverseResult[] {
  const { searchMeters, searchesPoints = true, searchesSegments = true } = settings;
  const points = searchesPoints ? mergeUnits(view.pointsNear(place, searchMeters, nearestLimit)) : [];
  const segments = searchesSegments ? listSegments(view, place, settings) : [];
  const all = [...points, ...segments].sort((a, b) => a.distanceMeters - b.distanceMeters);
  const nearest = all[0]?.distanceMeters ?? 0;
  return all.filter(({ distanceMeters }) => distanceMeters <= nearest + tieMeters);
}

/** Units at one place are one building there. */
function mergeUnits(nearby: readonly NearbyPoint[]): readonly ReverseResult[] {
  const buildings = new Map<string, NearbyPoint[]>();
  for (const near of nearby) {
    const { street, point } = near;
    const { longitude, latitude } = point.coordinates;
    const parts = [street.predirectional, street.name, street.suffix, street.postdirectional, street.postalCode];
    const key = [...parts, point.houseNumber, longitude, latitude].join('\n');
    const known = buildings.get(key);
    if (known) known.push(near);
    else buildings.set(key, [near]);
  }
  return [...buildings.values()].flatMap((units) => {
    const [first] = units;
    if (!first) return [];
    return {
      kind: 'point' as const,
      street: first.street,
      houseNumber: first.point.houseNumber,
      point: units.every(({ point }) => isSameUnit(point, first.point)) ? first.point : undefined,
      range: undefined,
      side: '' as const,
      coordinates: first.point.coordinates,
      distanceMeters: first.distanceMeters,
      percent: 0,
    };
  });
}

/** A building and the firms in it are one. */
function isSameUnit(left: AddressPointRecord, right: AddressPointRecord): boolean {
  return left.unitNumber === right.unitNumber && left.unitDesignator === right.unitDesignator;
}

function listSegments(view: StreetView, place: Coordinates, settings: ReverseSettings): readonly ReverseResult[] {
  const near = view.rangesNear(place, settings.searchMeters, nearestLimit);
  const nearest = near[0]?.distanceMeters ?? 0;
  const found = near
    .filter(({ distanceMeters }) => distanceMeters <= nearest + tieMeters)
    .map((one) => ({ one, ...project(place, one.range.shape) }));
  // Both sides of a street lie on one line: only the side that the place is on, where the data has it.
  const onSide = found.filter(({ one, side }) => side === one.range.side);
  return (onSide.length > 0 ? onSide : found).map(({ one: { street, range, distanceMeters }, fraction }) => {
    const number = numberAt(range, fraction, settings.interpolation);
    const { coordinates } = interpolate(range, number, settings.interpolation);
    return {
      kind: 'segment',
      street,
      houseNumber: String(number),
      point: undefined,
      range,
      side: range.side,
      coordinates,
      distanceMeters,
      percent: 100 * fraction,
    };
  });
}

/** The house number of the range nearest to a share of the segment, its squeezed ends being 0 and 1. */
function numberAt(
  range: AddressRangeRecord,
  fraction: number,
  { squeezeMeters, numbering }: InterpolationOptions,
): number {
  const total = lengthMeters(range.shape);
  const squeeze = Math.min(squeezeMeters, total / 2);
  const usable = total - 2 * squeeze;
  const share = usable === 0 ? 0.5 : Math.max(0, Math.min(1, (fraction * total - squeeze) / usable));
  return numberAtShare(range, share, total, numbering);
}
