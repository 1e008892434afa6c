import {
  findDirection,
  findEnglishType,
  findFrenchType,
  type Language,
  type StreetType,
} from './canadian-street-types.ts';

/** One Canadian address line, upper case; missing parts are empty. */
export interface CanadianLine {
  readonly houseNumber: string;
  readonly streetName: string;
  readonly type: StreetType | undefined;
  /** Language of the type as written; English without one. */
  readonly language: Language;
  /** As written, in either language. */
  readonly direction: string;
  readonly unitLabel: string;
  readonly unitNumber: string;
  /** Where the unit stood in the input. */
  readonly unitPlace: 'none' | 'front' | 'frontWithLabel' | 'behind';
  /** Number of the rural route. */
  readonly route: string;
  readonly box: string;
  readonly isGeneralDelivery: boolean;
  /** `STN`, `RPO`, `SUCC`, and its name. */
  readonly installationType: string;
  readonly installationName: string;
}

const boxWords = /(?:^|\s)(?:P\s?O\s?BOX|POB|POST OFFICE BOX|C\s?P|CASE POSTALE)\s+([A-Z]?\d+[A-Z]?)(?=\s|$)/;
const routeWords = /(?:^|\s)(?:R\s?R|RURAL ROUTE|ROUTE RURALE)\s*#?\s*(\d+)(?=\s|$)/;
const generalWords = /(?:^|\s)(?:GENERAL DELIVERY|GEN DELIVERY|GD|POSTE RESTANTE)(?=\s|$)/;
const installationWords = /(?:^|\s)(STN|STATION|RPO|SUCC|SUCCURSALE|CSP|BDP|LCD|PDF)(?:\s+(.+))?$/;
const unitLabels = 'APT|APARTMENT|APP|APPARTEMENT|SUITE|STE|UNIT|UNITE|UNITÉ|BUREAU|BUR|#';
const unitInFront = new RegExp(`^(${unitLabels})\\s*#?\\s*([A-Z]?\\d+[A-Z]?|[A-Z])\\s*[-,]?\\s+(?=\\d)`);
const unitBehind = new RegExp(`\\s(${unitLabels})\\s*#?\\s*([A-Z]?\\d+[A-Z]?|[A-Z])$`);
const unitByHyphen = /^(\d+[A-Z]?|[A-Z])\s*-\s*(?=\d+[A-Z]?\s)/;
const houseNumberWords = /^(\d+[A-Z]?(?:\s1\/2)?)\s+/;

/** Reads a line such as `400-123 rue Main O`, `36 Grant Rd RR 3` or `PO Box 5 Stn A`. */
export function parseCanadianLine(line: string): CanadianLine {
  let rest = line
    .toUpperCase()
    .replace(/[.,;]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest);
    if (!found) return undefined;
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`.replace(/\s+/g, ' ').trim();
    return found;
  };
  const box = take(boxWords)?.[1] ?? '';
  const route = take(routeWords)?.[1] ?? '';
  const isGeneralDelivery = take(generalWords) !== undefined;
  const hasService = box !== '' || route !== '' || isGeneralDelivery;
  const installation = hasService ? take(installationWords) : undefined;
  const front = take(unitInFront);
  const hyphen = front ? undefined : take(unitByHyphen);
  const behind = front || hyphen ? undefined : take(unitBehind);
  const houseNumber = take(houseNumberWords)?.[1] ?? '';
  return {
    ...readStreet(rest),
    houseNumber,
    unitLabel: (front ?? behind)?.[1] ?? '',
    unitNumber: front?.[2] ?? hyphen?.[1] ?? behind?.[2] ?? '',
    unitPlace: front ? 'frontWithLabel' : hyphen ? 'front' : behind ? 'behind' : 'none',
    route,
    box,
    isGeneralDelivery,
    installationType: installation?.[1] ?? '',
    installationName: installation?.[2] ?? '',
  };
}

type Street = Pick<CanadianLine, 'streetName' | 'type' | 'language' | 'direction'>;

function readStreet(text: string): Street {
  const words = text.split(' ').filter((word) => word !== '');
  const last = words.at(-1);
  const hasDirection = words.length > 1 && last !== undefined && findDirection(plain(last), 'E') !== undefined;
  const direction = hasDirection ? plain(last) : '';
  const named = hasDirection ? words.slice(0, -1) : words;
  const french = named.length > 1 ? findFrenchType(plain(named[0] ?? '')) : undefined;
  if (french) return { streetName: named.slice(1).join(' '), type: french, language: 'F', direction };
  const english = named.length > 1 ? findEnglishType(plain(named.at(-1) ?? '')) : undefined;
  if (english) return { streetName: named.slice(0, -1).join(' '), type: english, language: 'E', direction };
  return { streetName: named.join(' '), type: undefined, language: 'E', direction };
}

function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '');
}
