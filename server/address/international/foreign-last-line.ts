import { findProvince } from './canadian-provinces.ts';
import { checkPostalCode } from './postal-code-rules.ts';

/** City, region and postal code as sent, from their fields or from the last address line. */
export interface ForeignLastLine {
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
}

interface Fields {
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
}

/** Finds a postal code that stands in the city field or, without one, city and code in the last address line. */
export function readForeignLastLine(fields: Fields, country: string): ForeignLastLine {
  const { stateProvince, addressLines } = fields;
  const [city, postalCode] = [fields.city.trim(), fields.postalCode.trim()];
  const region = stateProvince.trim();
  const read = splitProvince({ addressLines, city, region, postalCode }, country);
  if (postalCode !== '') return read;
  const ofCity = splitCode(city, country);
  if (ofCity) return splitProvince({ ...read, ...ofCity }, country);
  const at = addressLines.findLastIndex((line) => line.trim() !== '');
  const isSpare = addressLines.some((line, index) => index < at && line.trim() !== '');
  const ofLine = isSpare ? splitCode((addressLines[at] ?? '').trim(), country) : undefined;
  if (!ofLine || (city !== '' && ofLine.city !== '')) return read;
  const others = addressLines.map((line, index) => (index === at ? '' : line));
  const found = { ...read, addressLines: others, postalCode: ofLine.postalCode, city: city || ofLine.city };
  return splitProvince(found, country);
}

/** `Toronto ON`: a Canadian province behind the city, when its own field is blank. */
function splitProvince(read: ForeignLastLine, country: string): ForeignLastLine {
  if (country !== 'CA' || read.region !== '') return read;
  const words = read.city.split(/[\s,]+/).filter((word) => word !== '');
  for (let length = Math.min(4, words.length - 1); length > 0; length -= 1) {
    const region = words.slice(-length).join(' ');
    if (findProvince(region) === undefined) continue;
    return { ...read, city: words.slice(0, -length).join(' '), region };
  }
  return read;
}

/** `53111 Bonn`, `London SW1A 1AA`, `Toronto ON M9W 2M5`: a code of the country at either end, of up to two words. */
function splitCode(text: string, country: string): { readonly city: string; readonly postalCode: string } | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  for (const length of [2, 1]) {
    if (words.length < length) continue;
    for (const from of [0, words.length - length]) {
      const postalCode = words.slice(from, from + length).join(' ');
      // A single number may be a house number or a district; a code has at least four characters.
      if (!/\d/.test(postalCode) || postalCode.replace(/\W/g, '').length < 4) continue;
      if (checkPostalCode(country, postalCode).kind !== 'valid') continue;
      const city = [...words.slice(0, from), ...words.slice(from + length)].join(' ');
      return { city, postalCode };
    }
  }
  return undefined;
}
