import type { Extraction } from '../extraction/extracted-lines.ts';
import type { Casing } from '../formatting/casing.ts';
import type { CountryFormat } from '../formatting/countries.ts';
import type { CountrySettings } from '../international/foreign-answer.ts';
import type { DualAddressLogic } from '../parsing/dual-address.ts';
import type { MatchSettings } from './candidates.ts';
import type { Strictness } from './name-distance.ts';
import type { NamingSettings } from './street-naming.ts';

/** How records are to be validated and written (addressing reference 1.3 and 1.4). */
export interface ValidationSettings extends MatchSettings, NamingSettings, Extraction, CountrySettings {
  readonly firm: Strictness;
  readonly casing: Casing;
  /** `C` unit behind the street, `S` on a line of its own, `D` as `C` with the dropped half of a dual address below. */
  readonly lineFormat: 'C' | 'S' | 'D';
  readonly dualAddressLogic: DualAddressLogic;
  /** Line for a private mailbox; `N` leaves it out. */
  readonly privateMailboxLine: 'N' | '1' | '2';
  /** `V` keeps a name of the ZIP Code that is no mailing name. */
  readonly cityName: 'given' | 'V';
  /** `Z` the street's own city, `P` the ZIP Code's primary one, `C` as given where it is a mailing name. */
  readonly preferredCity: 'C' | 'Z' | 'P';
  readonly countryFormat: CountryFormat;
  readonly performsUnitedStates: boolean;
  /** Whether a last line that the fields lack, or that leads nowhere, is looked for in the address lines. */
  readonly searchesLines: boolean;
  readonly keepsMultiple: boolean;
  readonly maximumResults: number;
}
