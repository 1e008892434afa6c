import type { CanadianLine } from './canadian-line.ts';
import { findDirection, type Language } from './canadian-street-types.ts';

/** How Canadian lines are written (addressing reference 1.5). */
export interface CanadianSettings {
  /** `C` by the street's own type, `S` likewise, as no database says otherwise, `T` by CanLanguage. */
  readonly frenchFormat: 'C' | 'S' | 'T';
  readonly englishApartmentLabel: string;
  readonly frenchApartmentLabel: string;
  /** `A` abbreviated, `F` in full: boxes and stations. */
  readonly nonCivicFormat: 'A' | 'F';
  /** `A` behind the street, `S` on a line of its own. */
  readonly ruralRouteFormat: 'A' | 'S';
  /** `I` as sent, `A` on the same line, `S` on a line of its own. */
  readonly deliveryOfficeFormat: 'I' | 'A' | 'S';
  /** `B` behind the street, `F` number in front, `E` label in front, `I` as sent, `S` on a line of its own. */
  readonly unitFormat: 'B' | 'F' | 'E' | 'I' | 'S';
}

/** The language in which a line is to be written. Quebec is always French where the sender's language decides. */
export function chooseLanguage(
  line: CanadianLine,
  { frenchFormat }: CanadianSettings,
  sender: { readonly isFrench: boolean; readonly province: string },
): Language {
  if (frenchFormat !== 'T') return line.language;
  return sender.isFrench || sender.province === 'QC' ? 'F' : 'E';
}

/** Street and box as lines of their own, upper case. */
export function formatCanadianLine(
  line: CanadianLine,
  language: Language,
  settings: CanadianSettings,
): readonly string[] {
  const street = formatStreet(line, language);
  const civic = street === '' ? [] : placeUnit(street, line, language, settings);
  const route = line.route === '' ? '' : `RR ${line.route}`;
  const lines = [...civic];
  if (route !== '') {
    if (settings.ruralRouteFormat === 'A' && lines.length > 0) lines[lines.length - 1] += ` ${route}`;
    else lines.push(route);
  }
  const service = formatService(line, language, settings);
  if (service !== '') lines.push(service);
  const office = formatInstallation(line, language, settings);
  if (office === '') return lines;
  const separate = settings.deliveryOfficeFormat === 'S' || lines.length === 0;
  if (separate) lines.push(office);
  else lines[lines.length - 1] += ` ${office}`;
  return lines;
}

/** `123 MAIN ST W` or `123 RUE MAIN O`; a type that the language lacks stays as it is. */
function formatStreet(line: CanadianLine, language: Language): string {
  const { houseNumber, streetName, type, direction } = line;
  const wanted = type === undefined ? '' : language === 'F' ? type.french : type.english;
  const own = type === undefined ? '' : line.language === 'F' ? type.french : type.english;
  const isFrench = wanted === '' ? line.language === 'F' : language === 'F';
  const word = wanted === '' ? own : wanted;
  const towards = direction === '' ? '' : (findDirection(direction, isFrench ? 'F' : 'E') ?? direction);
  const named = isFrench ? [word, streetName] : [streetName, word];
  return [houseNumber, ...named, towards].filter((part) => part !== '').join(' ');
}

function placeUnit(
  street: string,
  line: CanadianLine,
  language: Language,
  settings: CanadianSettings,
): readonly string[] {
  const { unitNumber, unitPlace } = line;
  if (unitNumber === '') return [street];
  const label = labelOf(line, language, settings);
  switch (settings.unitFormat === 'I' ? unitPlace : settings.unitFormat) {
    case 'F':
    case 'front':
      return [`${unitNumber}-${street}`];
    case 'E':
    case 'frontWithLabel':
      return [`${label} ${unitNumber} ${street}`];
    case 'S':
      return [street, `${label} ${unitNumber}`];
    default:
      return [`${street} ${label} ${unitNumber}`];
  }
}

const labels: Readonly<Record<string, readonly [english: string, french: string]>> = {
  SUITE: ['SUITE', 'BUREAU'],
  STE: ['SUITE', 'BUREAU'],
  BUREAU: ['SUITE', 'BUREAU'],
  BUR: ['SUITE', 'BUREAU'],
  UNIT: ['UNIT', 'UNITE'],
  UNITE: ['UNIT', 'UNITE'],
  UNITÉ: ['UNIT', 'UNITE'],
};

/** The sender's label in the wanted language; an apartment or a bare number takes the one of the options. */
function labelOf({ unitLabel }: CanadianLine, language: Language, settings: CanadianSettings): string {
  const known = labels[unitLabel];
  if (known) return language === 'F' ? known[1] : known[0];
  return (language === 'F' ? settings.frenchApartmentLabel : settings.englishApartmentLabel).toUpperCase();
}

function formatService(line: CanadianLine, language: Language, { nonCivicFormat }: CanadianSettings): string {
  const isFull = nonCivicFormat === 'F';
  if (line.box !== '') {
    const word = language === 'F' ? (isFull ? 'CASE POSTALE' : 'CP') : isFull ? 'POST OFFICE BOX' : 'PO BOX';
    return `${word} ${line.box}`;
  }
  if (!line.isGeneralDelivery) return '';
  return language === 'F' ? (isFull ? 'POSTE RESTANTE' : 'PR') : isFull ? 'GENERAL DELIVERY' : 'GD';
}

function formatInstallation(line: CanadianLine, language: Language, { nonCivicFormat }: CanadianSettings): string {
  const { installationType: type, installationName: name } = line;
  if (type === '') return '';
  const isStation = type === 'STN' || type === 'STATION' || type.startsWith('SUCC');
  const [short, full] = language === 'F' ? ['SUCC', 'SUCCURSALE'] : ['STN', 'STATION'];
  const word = isStation ? (nonCivicFormat === 'F' ? full : short) : type;
  return name === '' ? word : `${word} ${name}`;
}
