import { formatAddress } from 'localized-address-format';

export interface ForeignBlock {
  readonly country: string;
  readonly firmName: string;
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
}

/** The printable address in the order of its country, without the country's name; blank lines are left out. */
export function formatForeignLines(block: ForeignBlock): readonly string[] {
  const { country, firmName, addressLines, city, region, postalCode } = block;
  const lines = formatAddress(
    {
      postalCountry: country,
      administrativeArea: region,
      locality: city,
      // Some countries print their letters in front; a code that carries them already would have them twice.
      postalCode: postalCode.replace(new RegExp(`^${country}-?(?=\\d)`), ''),
      organization: firmName,
      addressLines: addressLines.filter((line) => line.trim() !== ''),
    },
    'latin',
  );
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
