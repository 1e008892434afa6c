/** Canonical text of a decimal number that is so many units of its last digit. */
export function toDecimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? `${unscaled === 0n ? '' : sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** Units of the last digit of a canonical decimal text; undefined when it has more digits than that. */
export function toUnscaled(text: string, scale: number): bigint | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length > scale ? undefined : BigInt(whole + fraction.padEnd(scale, '0'));
}

/** A big-endian number in two's complement, as Parquet keeps decimals. */
export function toSignedInteger(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}
