import fc from 'fast-check';

/** Text of every kind, broken surrogate pairs and control characters among it. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\ud800', '\udc00x', 'a\u0000', '\\', '"'),
);
