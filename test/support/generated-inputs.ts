import type { InputRow } from '../../server/services/index.ts';

/** Numbers from a seed, the same on every machine (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
type Mutation = (text: string, random: Random) => string;

const words =
  `N NW SOUTH EAST ST STREET AVE BLVD HWY HIGHWAY STATE ROUTE COUNTY ROAD US I CR FM APT STE # UNIT BLDG FL FLOOR
  2ND FIRST TWENTY REAR LOBBY PO BOX RR HC PSC GENERAL DELIVERY PMB ATTN C/O % & AND AT SAINT MT 1/2 ½ 12-34 N6W23001 0 00000
  99999 12345-6789 CA PR DC NEW YORK USA URB ( ) , - / . ' "`.split(/\s+/);

const marks = ' ,.;:-/\\#&%()[]{}\'"|\t\n\r\u00a0\u2028\u200b\ufeff\u0000½¼–’'.split('');

/** Changes that keep the shape of an address, and some that do not. */
const mutations: readonly Mutation[] = [
  (text, random) => splice(text, random, 0, pick(marks, random)),
  (text, random) => splice(text, random, 1, ''),
  (text, random) => splice(text, random, 1, anyCharacter(random)),
  (text, random) => splice(text, random, 0, ` ${pick(words, random)} `),
  (text, random) => splice(text, random, 0, String(Math.floor(10 ** (random() * 12)))),
  (text, random) => splice(text, random, Math.floor(random() * 12), ''),
  (text, random) => shuffleWords(text, random),
  (text, random) => repeatWord(text, random),
  (text) => text.toLowerCase(),
  (text) => text.replaceAll(' ', ''),
  (text) => `${text} ${text}`,
  (text) => [...text].reverse().join(''),
];

/** One input row: a real address changed a few times, words of the grammar in any order, or any characters at all. */
export function generateInput(addresses: readonly InputRow[], random: Random): InputRow {
  const kind = random();
  if (kind < 0.75) return mutateRow(pick(addresses, random), random);
  const make = kind < 0.9 ? sentence : anyText;
  return {
    AddressLine1: make(random),
    ...(random() < 0.5 && { AddressLine2: make(random) }),
    ...(random() < 0.5 && { City: make(random) }),
    ...(random() < 0.5 && { StateProvince: make(random) }),
    ...(random() < 0.5 && { PostalCode: make(random) }),
    ...(random() < 0.1 && { FirmName: make(random), Country: make(random) }),
  };
}

function mutateRow(row: InputRow, random: Random): InputRow {
  const changed: Record<string, string | undefined> = { ...row };
  const names = Object.keys(row);
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const name = random() < 0.6 ? 'AddressLine1' : pick(names, random);
    changed[name] = pick(mutations, random)(changed[name] ?? '', random);
  }
  // All of it on one line, as forms of one field send it.
  if (random() < 0.2)
    return { AddressLine1: names.map((name) => changed[name] ?? '').join(random() < 0.5 ? ' ' : ', ') };
  return changed;
}

function sentence(random: Random): string {
  return Array.from({ length: Math.floor(random() * 14) }, () => pick(words, random)).join(random() < 0.9 ? ' ' : '');
}

function anyText(random: Random): string {
  const length = random() < 0.02 ? 2_000 : Math.floor(random() * 60);
  return Array.from({ length }, () => anyCharacter(random)).join('');
}

/** Half of them of the first planes' blocks in use, lone surrogates among the rest. */
function anyCharacter(random: Random): string {
  const limit = random() < 0.5 ? 0x250 : random() < 0.8 ? 0x1_0000 : 0x11_0000;
  return String.fromCodePoint(Math.floor(random() * limit));
}

function splice(text: string, random: Random, removed: number, added: string): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + added + text.slice(at + removed);
}

function shuffleWords(text: string, random: Random): string {
  const ordered = text.split(' ').map((word) => ({ word, key: random() }));
  return ordered
    .sort((a, b) => a.key - b.key)
    .map(({ word }) => word)
    .join(' ');
}

function repeatWord(text: string, random: Random): string {
  const word = pick(text.split(' '), random);
  return `${`${word} `.repeat(1 + Math.floor(random() * 30))}${text}`;
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}
