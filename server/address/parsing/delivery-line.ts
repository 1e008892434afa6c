import { type DeliveryService, readDeliveryService, type ServiceKind } from './delivery-services.ts';
import { findWord, Role } from './lexicon.ts';
import { addUnit, emptyStreetLine, readStreetLine, type StreetLine, type StreetLineSpans } from './street-line.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';
import { readUnit } from './unit.ts';

type DeliveryKind = 'street' | ServiceKind;

/** What one address line says; all text standardised except `extraneous`, which is as written. */
export interface DeliveryLine {
  /** `unit`: the line holds only a unit; `none`: neither a street nor a box nor a unit. */
  readonly kind: DeliveryKind | 'unit' | 'none';
  /** The line as written. */
  readonly line: string;
  /** The other line from which the unit was taken, or empty. */
  readonly unitLine: string;
  readonly street: StreetLine;
  /** Present unless `kind` is `street` or `none`. */
  readonly service: DeliveryService | undefined;
  /** A box or route on the same line as a street. */
  readonly dual: DeliveryService | undefined;
  readonly privateMailbox: string;
  readonly privateMailboxMark: '' | 'PMB' | '#';
  /** Text that is no part of the address, such as `C/O John Smith`. */
  readonly extraneous: readonly string[];
  readonly spans: StreetLineSpans | undefined;
}

const nothing: readonly string[] = [];

/** Reads one address line of any kind. */
export function parseDeliveryLine(line: string): DeliveryLine {
  const bracket = line.indexOf('(');
  if (bracket > 0) return parseBracketedLine(line, bracket);
  const tokens = tokenize(line);
  return readDeliveryLine(line, tokens, 0, tokens.length);
}

/** `728 W Roosevelt (M/C 050) Rm 287`: what stands in brackets is a remark. Blanks keep the positions. */
function parseBracketedLine(line: string, first: number): DeliveryLine {
  const remarks: string[] = [];
  let plain = '';
  let from = 0;
  for (let open = first; open >= 0; open = line.indexOf('(', from)) {
    const close = line.indexOf(')', open);
    const end = close < 0 ? line.length : close + 1;
    remarks.push(line.slice(open + 1, close < 0 ? end : close).trim());
    plain += line.slice(from, open) + ' '.repeat(end - open);
    from = end;
  }
  const read = parseDeliveryLine(plain + line.slice(from));
  return { ...read, line, extraneous: [...remarks, ...read.extraneous] };
}

/** Reads the tokens `from` … `to`-1 of `line`. */
export function readDeliveryLine(line: string, tokens: readonly Token[], from: number, to: number): DeliveryLine {
  let marks = 0;
  for (let at = from; at < to; at += 1) marks |= tokens[at]?.word.roles ?? 0;
  const opening = (tokens[from]?.word.roles ?? 0) & Role.opening;
  if ((marks & (Role.mark | Role.delivery)) === 0 && opening === 0) return readPlainStreet(line, tokens, from, to);
  return readMarkedLine(line, tokens, from, to, marks);
}

function readPlainStreet(text: string, tokens: readonly Token[], from: number, to: number): DeliveryLine {
  const { line: read, spans } = readStreetLine(tokens, from, to);
  const privateMailbox = read.unitDesignator === '#' && read.outerUnit !== '' ? read.unitNumber : '';
  const line = privateMailbox === '' ? read : takeMailboxOut(read);
  const unit = line.houseNumber === '' || line.name === '' ? readUnitAlone(tokens, from, to) : undefined;
  return {
    kind: unit !== undefined ? 'unit' : line.name === '' ? 'none' : 'street',
    line: text,
    unitLine: '',
    street: unit ?? line,
    service: undefined,
    dual: undefined,
    privateMailbox,
    privateMailboxMark: privateMailbox === '' ? '' : '#',
    extraneous: nothing,
    spans,
  };
}

/** `STE 100 # 12`: behind another unit a number sign is a private mailbox (non-standard form). */
function takeMailboxOut(line: StreetLine): StreetLine {
  const words = line.outerUnit.split(' ');
  const at = words.findLastIndex((word) => findWord(word).unit !== '');
  const unitNumber = words.slice(at + 1).join(' ');
  return {
    ...line,
    unitDesignator: words[at] ?? '#',
    unitNumber,
    outerUnit: words.slice(0, Math.max(0, at)).join(' '),
  };
}

function readMarkedLine(
  line: string,
  tokens: readonly Token[],
  from: number,
  end: number,
  marks: number,
): DeliveryLine {
  const extraneous: string[] = [];
  let to = end;
  if ((marks & Role.mark) !== 0) {
    const mark = findMark(tokens, from, end);
    if (mark < end) {
      extraneous.push(sliceOf(line, tokens, mark, end));
      to = mark;
    }
  }
  const mailbox = findPrivateMailbox(tokens, from, to);
  const streetEnd = Math.min(mailbox, to);
  const privateMailbox = mailbox < to ? (tokens[mailbox + 1]?.text ?? '') : '';
  const service = readDeliveryService(tokens, from, streetEnd);
  const common = { extraneous, ...(privateMailbox !== '' && { privateMailbox, privateMailboxMark: 'PMB' as const }) };
  if (service !== undefined && !isRoadName(tokens, service, streetEnd)) {
    return { ...readService(line, tokens, service, streetEnd, extraneous), ...common, extraneous };
  }
  const dual = findDual(tokens, from, streetEnd);
  const plain = readPlainStreet(line, tokens, from, dual?.at ?? streetEnd);
  return { ...plain, ...common, dual: dual?.service };
}

/** A box or route that starts the line; a street after it makes the address dual. */
function readService(
  line: string,
  tokens: readonly Token[],
  service: DeliveryService,
  to: number,
  extraneous: string[],
): DeliveryLine {
  const rest = service.next < to ? readPlainStreet(line, tokens, service.next, to) : undefined;
  const base = {
    line,
    unitLine: '',
    spans: undefined,
    privateMailbox: '',
    privateMailboxMark: '' as const,
    extraneous,
  };
  if (rest !== undefined && rest.kind === 'street' && rest.street.houseNumber !== '') {
    return { ...rest, ...base, spans: rest.spans, dual: service };
  }
  if (service.next < to) extraneous.push(sliceOf(line, tokens, service.next, to));
  return { ...base, kind: service.kind, street: emptyStreetLine, service, dual: undefined };
}

/** `ROUTE 9 N` and `UNIT 5` without a box are no service; `RD 5 ...` neither. */
function isRoadName(tokens: readonly Token[], service: DeliveryService, to: number): boolean {
  const next = tokens[service.next];
  return service.kind === 'ruralRoute' && service.box === '' && service.next < to && (next?.word.roles ?? 0) !== 0;
}

function findMark(tokens: readonly Token[], from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined || (token.word.roles & Role.mark) === 0) continue;
    if (token.text !== 'CARE' || tokens[at + 1]?.text === 'OF') return at;
  }
  return to;
}

function findPrivateMailbox(tokens: readonly Token[], from: number, to: number): number {
  for (let at = from; at < to - 1; at += 1) {
    if (tokens[at]?.text === 'PMB' && ((tokens[at + 1]?.shape ?? 0) & Shape.digit) !== 0) return at;
  }
  return to;
}

function findDual(
  tokens: readonly Token[],
  from: number,
  to: number,
): { readonly at: number; readonly service: DeliveryService } | undefined {
  for (let at = from + 2; at < to; at += 1) {
    if (((tokens[at]?.word.roles ?? 0) & Role.delivery) === 0) continue;
    const service = readDeliveryService(tokens, at, to);
    if (service !== undefined && service.next === to && isClearService(tokens, at, service)) return { at, service };
  }
  return undefined;
}

/** Behind a street only unmistakable forms count: `HIGHWAY RR 2` is none, and `RTE 2` is a road. */
function isClearService(tokens: readonly Token[], at: number, service: DeliveryService): boolean {
  if (service.kind === 'poBox') return true;
  return service.box !== '' || ((tokens[at]?.text ?? '') === 'RR' && (tokens[at]?.gap ?? 0) >= Gap.space);
}

/** `APT 5`, `BLDG 3 APT 4`: the line without its street, or undefined when there is anything else. */
function readUnitsOnly(tokens: readonly Token[], from: number, to: number): StreetLine | undefined {
  if (from >= to) return undefined;
  let units = emptyStreetLine;
  for (let at = from; at < to; ) {
    const unit = readUnit(tokens, at, to);
    if (unit === undefined) return undefined;
    units = { ...emptyStreetLine, ...addUnit(units, unit) };
    at = unit.next;
  }
  return units;
}

function readUnitAlone(tokens: readonly Token[], from: number, to: number): StreetLine | undefined {
  return readUnitsOnly(tokens, from, to) ?? readLoneIdentifier(tokens, from, to);
}

/** A line that is a letter or two, or number signs and an identifier: `B`, `R C`, `## 14`. */
function readLoneIdentifier(tokens: readonly Token[], from: number, to: number): StreetLine | undefined {
  let at = from;
  while (at < to && ((tokens[at]?.shape ?? 0) & Shape.hash) !== 0) at += 1;
  const words = tokens.slice(at, to);
  const isShort = words.length > 0 && words.length < 3;
  if (!isShort || (at === from && !words.every(({ shape }) => shape === Shape.letter))) return undefined;
  const number = words.map(({ text }) => text).join(' ');
  return { ...emptyStreetLine, unitDesignator: '#', unitNumber: number };
}

function sliceOf(line: string, tokens: readonly Token[], from: number, to: number): string {
  return line.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0);
}
