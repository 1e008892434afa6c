import { Shape, type Token } from './tokens.ts';

/** Addresses without a street: boxes, rural and highway contract routes, military units, general delivery. */
export type ServiceKind = 'poBox' | 'ruralRoute' | 'highwayContract' | 'military' | 'generalDelivery';

export interface DeliveryService {
  readonly kind: ServiceKind;
  /** Standard name: `PO BOX`, `RR 2`, `HC 72`, `PSC 802`, `UNIT 2050`, `GENERAL DELIVERY`. */
  readonly name: string;
  /** Box identifier, or empty. */
  readonly box: string;
  /** The token that follows. */
  readonly next: number;
}

type Ending = 'box' | 'route' | 'routeWithBox' | 'nothing';

interface Opening {
  readonly kind: ServiceKind;
  readonly name: string;
  /** Whether an identifier of letters only will do. */
  readonly lettered: boolean;
  readonly ending: Ending;
}

/**
 * How such addresses begin (Publication 28 sections 24 to 28). `route` takes a number and an optional box,
 * `routeWithBox` is too common a word to count without a box.
 */
const openings = toOpenings([
  [
    'poBox',
    'PO BOX',
    'box',
    'PO BOX',
    'P O BOX',
    'POBOX',
    'POB',
    'PO BX',
    'P O BX',
    'POST OFFICE BOX',
    'POST OFFICE BX',
    'PO B',
    'P O B',
  ],
  ['poBox', 'PO BOX', 'box', 'BOX', 'BX', 'LOCK BOX', 'LOCKBOX', 'P BOX', 'PO', 'BIN', 'APARTADO', 'POST BOX'],
  [
    'poBox',
    'PO BOX',
    'box',
    'DRAWER',
    'PO DRAWER',
    'P O DRAWER',
    'CALLER',
    'CALLER BOX',
    'FIRM CALLER',
    'POST OFFICE DRAWER',
  ],
  [
    'ruralRoute',
    'RR',
    'route',
    'RR',
    'R R',
    'RURAL ROUTE',
    'RURAL RT',
    'RURAL RTE',
    'RFD',
    'RFD ROUTE',
    'RFD RT',
    'R F D',
  ],
  ['ruralRoute', 'RR', 'routeWithBox', 'RT', 'RTE', 'ROUTE', 'RD', 'R D', 'R'],
  [
    'highwayContract',
    'HC',
    'route',
    'HC',
    'HCR',
    'H C',
    'HC ROUTE',
    'HC RT',
    'HIGHWAY CONTRACT',
    'HIGHWAY CONTRACT ROUTE',
    'STAR ROUTE',
    'STAR RT',
    'STAR RTE',
  ],
  ['military', 'PSC', 'route', 'PSC'],
  ['military', 'CMR', 'route', 'CMR'],
  ['military', 'UNIT', 'routeWithBox', 'UNIT'],
  [
    'generalDelivery',
    'GENERAL DELIVERY',
    'nothing',
    'GENERAL DELIVERY',
    'GEN DELIVERY',
    'GENERAL DEL',
    'GEN DEL',
    'GD',
  ],
]);

const longestOpening = 3;

/** Reads such an address at `at`, or undefined. */
export function readDeliveryService(tokens: readonly Token[], at: number, to: number): DeliveryService | undefined {
  let joined = '';
  let found: DeliveryService | undefined;
  for (let length = 1; length <= longestOpening && at + length <= to; length += 1) {
    const text = tokens[at + length - 1]?.text ?? '';
    joined = length === 1 ? text : `${joined} ${text}`;
    const opening = openings.get(joined);
    if (opening !== undefined) found = readEnding(opening, tokens, at + length, to) ?? found;
  }
  return found;
}

function readEnding(opening: Opening, tokens: readonly Token[], at: number, to: number): DeliveryService | undefined {
  if (opening.ending === 'nothing') return { kind: opening.kind, name: opening.name, box: '', next: at };
  const idAt = skipSigns(tokens, at, to);
  const id = idAt < to ? tokens[idAt] : undefined;
  if (id === undefined || !isIdentifier(id)) return undefined;
  if (opening.ending === 'box') return readBoxId(opening, tokens, idAt, to);
  if ((id.shape & Shape.ordinal) !== 0) return undefined;
  const name = `${opening.name} ${stripZeros(id.text)}`;
  const box = readRouteBox(tokens, idAt + 1, to);
  if (box === undefined) {
    const alone = opening.ending === 'route' && (id.shape & Shape.digit) !== 0;
    return alone ? { kind: opening.kind, name, box: '', next: idAt + 1 } : undefined;
  }
  return { kind: opening.kind, name, box: box.text, next: box.next };
}

/** `PO BOX 12`, `PO BOX 12 A`, `PO BOX A-12`. A bare `BOX` or `PO` needs digits. */
function readBoxId(opening: Opening, tokens: readonly Token[], at: number, to: number): DeliveryService | undefined {
  const id = tokens[at];
  if (id === undefined) return undefined;
  const last = tokens[at + 1];
  const tail = at + 2 === to && last !== undefined && last.shape === Shape.letter && (id.shape & Shape.number) !== 0;
  if ((id.shape & Shape.digit) === 0 && !opening.lettered) return undefined;
  const box = tail ? id.text + last.text : stripZeros(id.text);
  return { kind: opening.kind, name: opening.name, box, next: at + (tail ? 2 : 1) };
}

function readRouteBox(
  tokens: readonly Token[],
  at: number,
  to: number,
): { readonly text: string; readonly next: number } | undefined {
  const word = at < to ? tokens[at] : undefined;
  if (word === undefined) return undefined;
  const named = word.text === 'BOX' || word.text === 'BX' || word.text === 'BOXES';
  if (!named && (word.shape & Shape.hash) === 0) return undefined;
  const idAt = skipSigns(tokens, at + 1, to);
  const id = idAt < to ? tokens[idAt] : undefined;
  if (id === undefined || !isIdentifier(id)) return undefined;
  return { text: stripZeros(id.text), next: idAt + 1 };
}

function skipSigns(tokens: readonly Token[], from: number, to: number): number {
  let at = from;
  while (at < to) {
    const token = tokens[at];
    const isSign = token !== undefined && ((token.shape & Shape.hash) !== 0 || (token.text === 'NO' && at + 1 < to));
    if (!isSign) break;
    at += 1;
  }
  return at;
}

function isIdentifier(token: Token): boolean {
  return (token.shape & Shape.digit) !== 0 || token.text.length <= 2;
}

function stripZeros(text: string): string {
  let at = 0;
  while (at < text.length - 1 && text.charCodeAt(at) === 48) at += 1;
  return at === 0 ? text : text.slice(at);
}

function toOpenings(
  rows: readonly (readonly [ServiceKind, string, Ending, ...string[]])[],
): ReadonlyMap<string, Opening> {
  return new Map(
    rows.flatMap(([kind, name, ending, ...spellings]) =>
      spellings.map(
        (spelling) =>
          [
            spelling,
            { kind, name, ending, lettered: spelling.includes(' ') || spelling === 'DRAWER' || spelling === 'POB' },
          ] as const,
      ),
    ),
  );
}
