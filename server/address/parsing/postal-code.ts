/** A ZIP Code as five digits and an optional ZIP+4 add-on of four; both empty when the text is none. */
export interface PostalCode {
  readonly base: string;
  readonly addOn: string;
}

const none: PostalCode = { base: '', addOn: '' };

/** Reads `99999`, `99999-9999`, `999999999` and a ZIP Code of the north-east that lost its leading zero. */
export function parsePostalCode(text: string): PostalCode {
  if (text.length === 5 && isDigits(text)) return { base: text, addOn: '' };
  let digits = '';
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += text.charAt(at);
    else if (code !== 45 && code !== 32 && code !== 0x2010 && code !== 0x2013) return none;
  }
  return fromDigits(digits);
}

/** Splits 4, 5, 8 or 9 digits. */
export function fromDigits(digits: string): PostalCode {
  if (digits.length === 5) return { base: digits, addOn: '' };
  if (digits.length === 9) return { base: digits.slice(0, 5), addOn: digits.slice(5) };
  if (digits.length === 4) return { base: `0${digits}`, addOn: '' };
  if (digits.length === 8) return { base: `0${digits.slice(0, 4)}`, addOn: digits.slice(4) };
  return none;
}

/** Whether a text is a Canadian postal code such as `A9A 9A9`. */
export function isCanadianPostalCode(text: string): boolean {
  return /^\s*[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d\s*$/.test(text);
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
