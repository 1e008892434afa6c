import {
  type AddressPointRecord,
  comparePoints,
  compareStreets,
  type ForeignPlace,
  type ManifestCounts,
  type PostalCodeRecord,
  type StreetContent,
  type StreetRecord,
} from '../reference-data/index.ts';
import { type LeftOut, PostalCodes } from './postal-codes.ts';
import type { SourceFact } from './source.ts';

/** What was left out or folded, by reason, with the first places of each. */
export interface MergeReport {
  readonly reason: string;
  readonly count: number;
  readonly firstPlaces: readonly string[];
}

type PointFact = Extract<SourceFact, { kind: 'point' }>;

/**
 * Brings the facts of all sources together: the first postal code of a number and the first point of an address stay,
 * a centroid of its own replaces the one that came with the code, and the city of a point becomes a secondary city of
 * its ZIP Code when it is none yet.
 */
export class Merge {
  readonly #codes = new PostalCodes();
  readonly #streets = new Map<string, { street: StreetRecord; points: Map<string, AddressPointRecord> }>();
  readonly #report = new Map<string, { count: number; firstPlaces: string[] }>();

  add(fact: SourceFact): void {
    const leftOut = this.#take(fact);
    if (leftOut) this.#count(leftOut);
  }

  get report(): readonly MergeReport[] {
    return [...this.#report].map(([reason, { count, firstPlaces }]) => ({ reason, count, firstPlaces }));
  }

  postalCodes(): PostalCodeRecord[] {
    return this.#codes.list();
  }

  foreignPlaces(): readonly ForeignPlace[] {
    return this.#codes.foreignPlaces;
  }

  /** Streets ZIP Code by ZIP Code, in ascending order. */
  streets(): ReadonlyMap<string, readonly StreetContent[]> {
    const byCode = new Map<string, StreetContent[]>();
    const all = [...this.#streets.values()].sort(
      (a, b) => Number(a.street.postalCode) - Number(b.street.postalCode) || compareStreets(a.street, b.street),
    );
    for (const { street, points } of all) {
      const streets = byCode.get(street.postalCode) ?? [];
      streets.push({ street, points: [...points.values()].sort(comparePoints), ranges: [] });
      byCode.set(street.postalCode, streets);
    }
    return byCode;
  }

  counts(): ManifestCounts {
    const pointsByState: Record<string, number> = {};
    let points = 0;
    for (const { street, points: own } of this.#streets.values()) {
      const state = this.#codes.find(street.postalCode)?.stateProvince ?? '';
      pointsByState[state] = (pointsByState[state] ?? 0) + own.size;
      points += own.size;
    }
    const sorted = Object.fromEntries(Object.entries(pointsByState).sort(([a], [b]) => (a < b ? -1 : 1)));
    return { postalCodes: this.#codes.size, streets: this.#streets.size, points, ranges: 0, pointsByState: sorted };
  }

  /** Undefined when the fact was taken in, else why not. */
  #take(fact: SourceFact): LeftOut | undefined {
    switch (fact.kind) {
      case 'postal-code':
        return this.#codes.add(fact.postalCode);
      case 'foreign-place':
        this.#codes.foreignPlaces.push(fact.place);
        return undefined;
      case 'centroid':
        return this.#codes.addCentroid(fact);
      case 'point':
        return this.#takePoint(fact);
      case 'reject':
        return fact;
    }
  }

  #takePoint({ street, stateProvince, point }: PointFact): LeftOut | undefined {
    const place = `${street.postalCode} ${point.houseNumber} ${street.name}`;
    const reason = this.#codes.refuse(street.postalCode, stateProvince);
    if (reason !== undefined) return { reason, place };
    const own = { ...street, city: this.#codes.cityOfStreet(street.postalCode, street.city) };
    const key = [own.postalCode, own.name, own.suffix, own.predirectional, own.postdirectional, own.city].join('\n');
    const entry = this.#streets.get(key) ?? { street: own, points: new Map<string, AddressPointRecord>() };
    this.#streets.set(key, entry);
    const pointKey = [point.houseNumber, point.unitDesignator, point.unitNumber].join('\n');
    if (entry.points.has(pointKey)) return { reason: 'the address is there already', place };
    entry.points.set(pointKey, point);
    return undefined;
  }

  #count({ reason, place }: LeftOut): void {
    const entry = this.#report.get(reason) ?? { count: 0, firstPlaces: [] };
    entry.count += 1;
    if (entry.firstPlaces.length < 5) entry.firstPlaces.push(place);
    this.#report.set(reason, entry);
  }
}
