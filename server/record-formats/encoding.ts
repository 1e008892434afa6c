import iconv from 'iconv-lite';

/** Characters of a file as bytes, and back. */
export interface Encoding {
  readonly name: string;
  /** Whether each ASCII character is one byte that is part of no other character: lines can be cut before decoding. */
  readonly isAsciiCompatible: boolean;
  /** How many of these bytes are whole characters. */
  wholeBytes(bytes: Buffer): number;
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
    wholeBytes: name.startsWith('UTF-16') ? (bytes) => wholeUtf16(bytes, name) : (bytes) => bytes.length,
    decode: (bytes) => iconv.decode(bytes, name, { stripBOM: false }),
    encode: (text) => iconv.encode(text, name),
    byteLength: (text) => iconv.encode(text, name).length,
  };
}

function native(name: EncodingName, encoding: 'utf8' | 'latin1'): Encoding {
  return {
    name,
    isAsciiCompatible: true,
    wholeBytes: encoding === 'utf8' ? wholeUtf8 : (bytes) => bytes.length,
    decode: (bytes) => bytes.toString(encoding),
    encode: (text) => Buffer.from(text, encoding),
    byteLength: (text) => Buffer.byteLength(text, encoding),
  };
}

/** The last character is left out when more of it may come. */
function wholeUtf8(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length - back + 1;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length <= back ? bytes.length : bytes.length - back;
  }
  return bytes.length;
}

/** The first half of a pair is left out. */
function wholeUtf16(bytes: Buffer, name: EncodingName): number {
  const whole = bytes.length - (bytes.length % 2);
  if (whole === 0) return 0;
  const last = name === 'UTF-16LE' ? bytes.readUInt16LE(whole - 2) : bytes.readUInt16BE(whole - 2);
  return last >= 0xd800 && last < 0xdc00 ? whole - 2 : whole;
}
