/** What an address database knows, as the address room sees it. All text is upper case and in Publication 28 form. */

/** One ZIP Code. `cities[0]` is the primary city; there is none where the sources name no city (some territories). */
export interface PostalCodeRecord {
  /** Five digits. */
  readonly code: string;
  readonly kind: 'standard' | 'poBox' | 'unique' | 'military';
  /** Two letters, such as `DC`; armed forces `AA`, `AE`, `AP`; territories such as `PR`. */
  readonly stateProvince: string;
  /** Empty where there is none. */
  readonly countyName: string;
  /** Five digits (state and county), or empty. */
  readonly countyFips: string;
  readonly cities: readonly CityRecord[];
  /** Degrees, WGS84; undefined where unknown. */
  readonly centroid: Coordinates | undefined;
}

export interface CityRecord {
  /** Upper case, such as `SAINT ALBANS`. */
  readonly name: string;
  /** P primary, S secondary, V vanity (not for mailing). */
  readonly type: 'P' | 'S' | 'V';
}

export interface Coordinates {
  readonly longitude: number;
  readonly latitude: number;
}

/** A street within one ZIP Code: name parts standardised, such as `N` `MAIN` `ST` ``. */
export interface StreetRecord {
  readonly postalCode: string;
  readonly predirectional: string;
  readonly name: string;
  readonly suffix: string;
  readonly postdirectional: string;
  /** Mailing city of this street when it is not the ZIP Code's primary city; else empty. */
  readonly city: string;
  /** Puerto Rican development that tells it from others of its name, such as `URB LAS GLADIOLAS`; absent without one. */
  readonly urbanization?: string | undefined;
  /** Present for a further name of a street: what is on it lies on the base street too. */
  readonly alias?: StreetAlias | undefined;
}

/** Of which street a name is an alias, and of what type: abbreviated, changed, other, preferred. */
export interface StreetAlias {
  readonly type: StreetAliasType;
  readonly base: BaseStreet;
}

export type StreetAliasType = 'A' | 'C' | 'O' | 'P';
export type BaseStreet = Pick<StreetRecord, 'predirectional' | 'name' | 'suffix' | 'postdirectional'>;

/** An address with known coordinates. */
export interface AddressPointRecord {
  /** As standardised: `123`, `123A`, `12-34`, `123 1/2`. */
  readonly houseNumber: string;
  /** `APT`, `STE`, `#`, …; empty without unit. */
  readonly unitDesignator: string;
  readonly unitNumber: string;
  /** ZIP+4 add-on, four digits or empty. */
  readonly addOn: string;
  readonly coordinates: Coordinates;
  /** The firm at this address; absent without one. */
  readonly firmName?: string | undefined;
}

/** House numbers along one side of a street segment; `side` is as seen going along `shape`. */
export interface AddressRangeRecord {
  readonly low: number;
  readonly high: number;
  readonly parity: 'E' | 'O' | 'B';
  readonly side: 'L' | 'R';
  readonly addOn: string;
  /** From the low to the high end, at least two. */
  readonly shape: readonly Coordinates[];
}

/** An address point found by position. `distanceMeters` is the great-circle distance from the given place. */
export interface NearbyPoint {
  readonly street: StreetRecord;
  readonly point: AddressPointRecord;
  readonly distanceMeters: number;
}

/** A range found by position. `distanceMeters` is the distance from the given place to the nearest point of its shape. */
export interface NearbyRange {
  readonly street: StreetRecord;
  readonly range: AddressRangeRecord;
  readonly distanceMeters: number;
}
