import iconv from 'iconv-lite';

/** Characters of a file as bytes, and back. */
export interface Encoding {
  readonly name: string;
  /** Whether each ASCII character is one byte that is part of no other character: lines can be cut before decoding. */
  readonly isAsciiCompatible: boolean;
  decode(bytes: Buffer): string;
  encode(text: string): Buffer;
  byteLength(text: string): number;
}

export const encodingNames = [
  'UTF-8',
  'ISO-8859-1',
  'ISO-8859-15',
  'US-ASCII',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'IBM437',
  'IBM850',
  'UTF-16LE',
  'UTF-16BE',
] as const;

export type EncodingName = (typeof encodingNames)[number];

/** The encoding of a name. A byte order mark is no part of the text and left to the reader. */
export function createEncoding(name: EncodingName): Encoding {
  if (name === 'UTF-8') return native(name, 'utf8');
  if (name === 'ISO-8859-1') return native(name, 'latin1');
  return {
    name,
    isAsciiCompatible: !name.startsWith('UTF-16'),
    decode: (bytes) => iconv.decode(bytes, name, { stripBOM: false }),
    encode: (text) => iconv.encode(text, name),
    byteLength: (text) => iconv.encode(text, name).length,
  };
}

function native(name: EncodingName, encoding: 'utf8' | 'latin1'): Encoding {
  return {
    name,
    isAsciiCompatible: true,
    decode: (bytes) => bytes.toString(encoding),
    encode: (text) => Buffer.from(text, encoding),
    byteLength: (text) => Buffer.byteLength(text, encoding),
  };
}
