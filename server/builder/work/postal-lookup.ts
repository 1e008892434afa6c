import type { Coordinates, PostalCodeRecord } from '../../reference-data/index.ts';

/** The ZIP Codes in memory that all threads share. */
export interface SharedPostalCodes {
  /** The two letters of each ZIP Code's state as one number; 0 for a number that is no ZIP Code. */
  readonly states: Uint16Array;
  /** Of each ZIP Code with a centroid, ascending: code, state, longitude, latitude. */
  readonly centroids: Float64Array;
}

export function sharePostalCodes(records: readonly PostalCodeRecord[]): SharedPostalCodes {
  const states = new Uint16Array(new SharedArrayBuffer(200_000));
  for (const { code, stateProvince } of records) states[Number(code)] = numberOf(stateProvince);
  const placed = records.filter(({ centroid }) => centroid !== undefined);
  const centroids = new Float64Array(new SharedArrayBuffer(placed.length * 32));
  placed.forEach(({ code, stateProvince, centroid }, index) => {
    const { longitude = 0, latitude = 0 } = centroid ?? {};
    centroids.set([Number(code), numberOf(stateProvince), longitude, latitude], index * 4);
  });
  return { states, centroids };
}

/** Which ZIP Code an address may be in. */
export class PostalLookup {
  readonly #states: Uint16Array;
  readonly #centroids: Float64Array;
  readonly #byState = new Map<number, Float64Array>();

  constructor({ states, centroids }: SharedPostalCodes) {
    this.#states = states;
    this.#centroids = centroids;
  }

  /** Why no address can be in this ZIP Code and state; undefined when one can. An empty state is any. */
  refuse(postalCode: string, stateProvince: string): string | undefined {
    const state = this.#states[Number(postalCode)];
    if (!state) return 'the ZIP Code of a point is unknown';
    return stateProvince === '' || state === numberOf(stateProvince)
      ? undefined
      : 'a point lies in another state than its ZIP Code';
  }

  /** The ZIP Code of the state whose centroid is nearest: an estimate, so it is asked for. */
  findNearest(stateProvince: string, { longitude, latitude }: Coordinates): string | undefined {
    const centroids = this.#centroidsOf(numberOf(stateProvince));
    const eastScale = Math.cos((latitude * Math.PI) / 180);
    let nearest: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < centroids.length; at += 4) {
      const squared =
        (eastScale * ((centroids[at + 2] ?? 0) - longitude)) ** 2 + ((centroids[at + 3] ?? 0) - latitude) ** 2;
      if (squared >= least) continue;
      least = squared;
      nearest = centroids[at];
    }
    return nearest === undefined ? undefined : String(nearest).padStart(5, '0');
  }

  #centroidsOf(state: number): Float64Array {
    const known = this.#byState.get(state);
    if (known) return known;
    const found: number[] = [];
    for (let at = 0; at < this.#centroids.length; at += 4) {
      if (this.#centroids[at + 1] === state) found.push(...this.#centroids.subarray(at, at + 4));
    }
    const own = Float64Array.from(found);
    this.#byState.set(state, own);
    return own;
  }
}

function numberOf(stateProvince: string): number {
  return stateProvince.charCodeAt(0) * 256 + stateProvince.charCodeAt(1);
}
