/** Parts of an input that the match changed or filled in. */
export interface ChangedParts {
  readonly postalCode: boolean;
  readonly city: boolean;
  readonly stateProvince: boolean;
  readonly addOn: boolean;
  readonly suffix: boolean;
  readonly predirectional: boolean;
  readonly postdirectional: boolean;
  readonly name: boolean;
}

/** Bits of the first hexadecimal digit (geocoding reference 1.4). */
const lastLineBits = { postalCode: 1, city: 2, stateProvince: 4, addOn: 8 } as const;
/** Bits of the second. */
const addressLineBits = { suffix: 1, predirectional: 2, postdirectional: 4, name: 8 } as const;

/** `S` and two digits: `S00` unchanged, `S80` ZIP+4 added, `S01` street type changed; `A` where a street alias matched. */
export function formatMatchCode(changed: ChangedParts, isAlias = false): string {
  const lastLine = sumBits(lastLineBits, changed);
  const addressLine = sumBits(addressLineBits, changed);
  return `${isAlias ? 'A' : 'S'}${lastLine.toString(16)}${addressLine.toString(16)}`.toUpperCase();
}

/** `X` and three digits: last line, street, cross street (geocoding reference 1.4). */
export function formatCrossingCode(
  lastLine: Pick<ChangedParts, keyof typeof lastLineBits>,
  street: Pick<ChangedParts, keyof typeof addressLineBits>,
  crossStreet: Pick<ChangedParts, keyof typeof addressLineBits>,
): string {
  const digits = [
    sumBits(lastLineBits, lastLine),
    sumBits(addressLineBits, street),
    sumBits(addressLineBits, crossStreet),
  ];
  return `X${digits.map((digit) => digit.toString(16)).join('')}`.toUpperCase();
}

function sumBits<Part extends keyof ChangedParts>(
  bits: Record<Part, number>,
  changed: Pick<ChangedParts, NoInfer<Part>>,
): number {
  let sum = 0;
  for (const part in bits) if (changed[part]) sum += bits[part];
  return sum;
}

/** Codes that carry no digits. */
export const plainMatchCodes = {
  /** No address line was given; the ZIP Code was verified. */
  postalCodeOnly: 'Z',
  /** Found by position, a street segment or a point. */
  reverse: 'NS0',
} as const;

/** Why an address was not matched. */
export const matchErrors = {
  noMatch: { code: 'E000', description: 'No match was found' },
  noLastLine: { code: 'E010', description: 'Neither a ZIP Code nor a city and state was given' },
  unknownPostalCode: { code: 'E011', description: 'The ZIP Code is not in the database' },
  unknownCity: { code: 'E012', description: 'The city is not in the database' },
  noStreetsInArea: { code: 'E014', description: 'The database has no streets in this area' },
  unknownStreet: { code: 'E020', description: 'No street of this name was found' },
  unknownCrossStreet: { code: 'E021', description: 'No cross street of this name was found' },
  noCrossing: { code: 'E022', description: 'The two streets do not meet in this area' },
  unknownSegment: { code: 'E022', description: 'The house number was not found on the street' },
  unresolved: { code: 'E023', description: 'Several addresses match equally well' },
} as const;

export type MatchError = keyof typeof matchErrors;
