import { type CityRecord, type ForeignPlace, normalizeCity, type PostalCodeRecord } from '../reference-data/index.ts';
import type { SourceFact } from './source.ts';
import { isArmedForces } from './sources/state-codes.ts';

interface MergedPostalCode extends PostalCodeRecord {
  readonly cities: { name: string; type: 'P' | 'S' | 'V' }[];
}

type FactOf<Kind extends SourceFact['kind']> = Extract<SourceFact, { kind: Kind }>;

/** Why a fact was not taken in, and on what it was. */
export interface LeftOut {
  readonly reason: string;
  readonly place: string;
}

/**
 * The ZIP Codes of all sources: the first record of a number stays, a centroid of its own replaces the one that came
 * with it, and the city of a point becomes a secondary city of its ZIP Code when it is none yet.
 */
export class PostalCodes {
  readonly #codes = new Map<string, MergedPostalCode>();
  /** Of other countries; those of all sources together. */
  readonly foreignPlaces: ForeignPlace[] = [];
  /** By number: millions of addresses ask. */
  readonly #states: string[] = [];

  get size(): number {
    return this.#codes.size;
  }

  find(code: string): PostalCodeRecord | undefined {
    return this.#codes.get(code);
  }

  list(): PostalCodeRecord[] {
    return [...this.#codes.values()].sort((a, b) => Number(a.code) - Number(b.code));
  }

  /** Undefined when the record was taken in, else why not. */
  add(postalCode: FactOf<'postal-code'>['postalCode']): LeftOut | undefined {
    const { code, stateProvince } = postalCode;
    if (this.#codes.has(code)) return { reason: 'the ZIP Code is there already', place: code };
    const kind = isArmedForces(stateProvince) ? ('military' as const) : ('standard' as const);
    this.#set({ ...postalCode, kind, cities: [...postalCode.cities] });
    return undefined;
  }

  addCentroid({ code, stateProvince, centroid }: FactOf<'centroid'>): LeftOut | undefined {
    const known = this.#codes.get(code);
    if (!known && stateProvince === '') return { reason: 'the ZIP Code belongs to no known state', place: code };
    const unnamed = { code, kind: 'standard' as const, stateProvince, countyName: '', countyFips: '', cities: [] };
    this.#set({ ...(known ?? unnamed), centroid });
    return undefined;
  }

  /** Why no address can be in this ZIP Code and state; undefined when one can. An empty state is any. */
  refuse(postalCode: string, stateProvince: string): string | undefined {
    const state = this.#states[Number(postalCode)];
    if (state === undefined) return 'the ZIP Code of a point is unknown';
    return stateProvince === '' || state === stateProvince
      ? undefined
      : 'a point lies in another state than its ZIP Code';
  }

  /** The city a street of this ZIP Code is stored with: empty for the primary city; a new name becomes a secondary one. */
  cityOfStreet(postalCode: string, name: string): string {
    const code = this.#codes.get(postalCode);
    const wanted = normalizeCity(name);
    if (!code || wanted === '') return '';
    const known = code.cities.findIndex((city) => normalizeCity(city.name) === wanted);
    if (known === 0) return '';
    if (known < 0) code.cities.push({ name, type: code.cities.length === 0 ? 'P' : 'S' });
    return known < 0 && code.cities.length === 1 ? '' : (code.cities[known]?.name ?? name);
  }

  /** Takes over what another thread made of the cities of a ZIP Code. */
  setCities(postalCode: string, cities: readonly CityRecord[]): void {
    const code = this.#codes.get(postalCode);
    if (code) this.#set({ ...code, cities: [...cities] });
  }

  #set(code: MergedPostalCode): void {
    this.#codes.set(code.code, code);
    this.#states[Number(code.code)] = code.stateProvince;
  }
}
