/**
 * How postal codes are written, by country (Universal Postal Union, addressing systems of member countries): `9` a digit,
 * `A` a letter, `X` either, anything else as it stands. Several forms stand side by side; countries after `-` have none.
 */
const table = `
999 FO IS LS MG PG OM BH TW
9999 AF AL AM AR AT AU BD BE BG BH CC CH CV CX CY DK ET GE GL GW HM HU LI LR LU LB MK MZ NE NF NO NZ PH PY SI SJ TN VE ZA
99999 AX BA BT CR CU DE DO DZ EE EG EH ES FI FR GF GP GT HN HR ID IQ IT JO KE KH KR KW LA LK MA MC ME MF BL MM MN MQ MV MX
99999 MY NA NC NI NP PE PF PK PM PS RE RS SA SD SM SN TH TR TW UA UY VA VN WF XK YT ZM
999999 BY CN CO EC IN KG KZ NG RO RU SG TJ TM TT TW UZ
9999999 CL IL
9999-999 PT
999-9999 JP
99999-999 BR
99-999 PL
99999-99999 IR
9999_9999 LB
999_99 CZ GR SE SK
9999_AA NL
A9A_9A9 CA
A9X_XXXX IE
AA9_9AA GB GG IM JE
AA99_9AA GB GG IM JE
A9_9AA GB
A99_9AA GB
A9A_9AA GB
AA9A_9AA GB
AAAA_9AA FK GI GS IO PN SH TC
AAA_9999 MT
AA_XX BM
AA9999 BN
AD999 AD
AI-2640 AI
AZ_9999 AZ
BB99999 BB
HT9999 HT
KY9-9999 KY
LT-99999 LT
LV-9999 LV
MD-9999 MD
MSR_9999 MS
VC9999 VC
VG9999 VG
A999 SZ
- AE AG AN AO AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GN GQ GY HK JM KI KM KN KP LC LY
- ML MO MR MU MW NR NU PA QA RW SB SC SL SO SR SS ST SV SX SY TD TF TG TK TL TO TV TZ UG VU WS YE ZW AQ UM`;

/** A form of a country's code: what it looks like without separators, and how it is written. */
interface CodeForm {
  readonly pattern: RegExp;
  readonly written: string;
}

export type PostalCodeCheck =
  | { readonly kind: 'valid'; readonly code: string }
  | { readonly kind: 'invalid' }
  /** The country has no postal codes. */
  | { readonly kind: 'none' }
  /** No rule is known for the country. */
  | { readonly kind: 'unknown' };

const classes: Readonly<Record<string, string>> = { A: '[A-Z]', 9: '\\d', X: '[A-Z\\d]' };

const forms = readForms();
const countriesWithout = new Set(
  table
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .flatMap((line) => line.slice(2).split(' ')),
);

/** Canadian codes use no D, F, I, O, Q or U, and do not begin with W or Z (Canada Post). */
const canadianCode = /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d$/;

/** Whether a text is a postal code of the country, and how it is written there. @param country alpha-2 */
export function checkPostalCode(country: string, text: string): PostalCodeCheck {
  const ofCountry = forms.get(country);
  if (ofCountry === undefined) return { kind: countriesWithout.has(country) ? 'none' : 'unknown' };
  const plain = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  // Neighbours write the country in front: `D-53111`, `CH-8001`, `F-75001`.
  const tried = [plain, plain.replace(prefixOf(country), '')];
  for (const one of tried) {
    const form = ofCountry.find(({ pattern }) => pattern.test(one));
    if (form === undefined || (country === 'CA' && !canadianCode.test(one))) continue;
    return { kind: 'valid', code: write(one, form.written) };
  }
  return { kind: 'invalid' };
}

/** Countries whose plates and old country letters stand in front of codes. */
const olderPrefixes: Readonly<Record<string, string>> = {
  DE: 'D',
  AT: 'A',
  FR: 'F',
  BE: 'B',
  IT: 'I',
  ES: 'E',
  LU: 'L',
};

function prefixOf(country: string): RegExp {
  const older = olderPrefixes[country];
  return older === undefined ? new RegExp(`^${country}`) : new RegExp(`^(?:${country}|${older})(?=\\d)`);
}

function readForms(): ReadonlyMap<string, readonly CodeForm[]> {
  const byCountry = new Map<string, CodeForm[]>();
  for (const line of table.trim().split('\n')) {
    const [written = '', ...countries] = line.split(' ');
    if (written === '-') continue;
    const pattern = toPattern(written);
    for (const country of countries) {
      const known = byCountry.get(country) ?? [];
      byCountry.set(country, [...known, { pattern, written }]);
    }
  }
  return byCountry;
}

/** `A` and `9` stand for any; letters of a fixed beginning, such as `LT`, for themselves. */
function toPattern(written: string): RegExp {
  const fixed = /^(AD|AI|AZ|BB|HT|KY|LT|LV|MD|MSR|VC|VG|SZ)(?=[-_\d])/.exec(written)?.[1] ?? '';
  const rest = written.slice(fixed.length).replace(/[-_]/g, '');
  return new RegExp(`^${fixed}${rest.replace(/[A9X]/g, (mark) => classes[mark] ?? mark)}$`);
}

function write(plain: string, written: string): string {
  let code = '';
  let at = 0;
  for (const mark of written) {
    if (mark === '_' || mark === '-') code += mark === '_' ? ' ' : '-';
    else {
      code += plain.charAt(at);
      at += 1;
    }
  }
  return code;
}
