/** The number of a ZIP Code's five digits; -1 for any other text. */
export function postalCodeNumber(code: string): number {
  if (code.length !== 5) return -1;
  let number = 0;
  for (let at = 0; at < 5; at += 1) {
    const digit = code.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}
