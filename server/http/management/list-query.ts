import type { KindDefinition } from '../../../contract/kinds.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Fields } from './desk.ts';

/** What a caller wants of a list. */
export interface ListQuery {
  readonly isWanted: (item: Fields) => boolean;
  readonly order: readonly SortKey[];
  /** Undefined for everything at once. */
  readonly limit: number | undefined;
  /** Where the page before ended. */
  readonly after: readonly SortValue[] | undefined;
}

interface SortKey {
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

type SortValue = string | number | null;

const longestPage = 10_000;
const parameters = ['limit', 'cursor', 'filter', 'sort'];
const comparisons = ['!=', '>=', '<=', '=', '>', '<'] as const;

/** Reads `filter`, `sort`, `limit` and `cursor`; throws `INVALID_REQUEST` naming what is wrong and what is allowed. */
export function parseListQuery(query: URLSearchParams, { schema }: Pick<KindDefinition, 'schema'>): ListQuery {
  const unknown = [...query.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw refuse(unknown, `is unknown; use ${parameters.join(', ')}`);
  // Hidden fields are no fields here: whoever sorted or filtered by them could read them.
  const fields = Object.entries(schema.fields)
    .filter(([, { field }]) => field.type !== 'text' || field.visibility !== 'hidden')
    .map(([name]) => name);
  const known = ['name', ...fields];
  const filters = query.getAll('filter').map((text) => parseFilter(text, known));
  const order = [...parseOrder(query.get('sort') ?? '', known), { path: ['name'], direction: 1 as const }];
  const cursor = query.get('cursor');
  return {
    isWanted: (item) => filters.every((matches) => matches(item)),
    order,
    limit: parseLimit(query.get('limit')),
    after: cursor === null ? undefined : decodeCursor(cursor, order),
  };
}

/** Whole number from 1 to 10,000; undefined when absent. */
export function parseLimit(text: string | null): number | undefined {
  if (text === null) return undefined;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= longestPage) return limit;
  throw refuse('limit', `${show(text)} is not allowed; use a whole number from 1 to ${longestPage}`);
}

/** Items in order, after the page before. */
export function arrange(items: readonly Fields[], { isWanted, order, after }: ListQuery): readonly Fields[] {
  const sorted = items
    .filter(isWanted)
    .map((item) => ({ item, keys: sortValues(item, order) }))
    .sort((a, b) => compareKeys(a.keys, b.keys, order));
  const start = after === undefined ? 0 : sorted.findIndex(({ keys }) => compareKeys(keys, after, order) > 0);
  return start < 0 ? [] : sorted.slice(start).map(({ item }) => item);
}

/** What brings the page after the item; it means nothing to anybody else. */
export function encodeCursor(last: Fields, order: readonly SortKey[]): string {
  return Buffer.from(JSON.stringify([describeOrder(order), sortValues(last, order)])).toString('base64url');
}

function decodeCursor(text: string, order: readonly SortKey[]): readonly SortValue[] {
  try {
    const [sort, keys] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (sort === describeOrder(order) && Array.isArray(keys) && keys.length === order.length) return keys;
  } catch {
    // Whatever is not a cursor is refused below.
  }
  throw refuse('cursor', 'is not one of this list and order; send what the page before gave as next');
}

function describeOrder(order: readonly SortKey[]): string {
  return order.map(({ path, direction }) => `${direction}${path.join('.')}`).join();
}

/** `field<comparison>value`; a list matches when one of its entries does, and `*` stands for any characters after `=`. */
function parseFilter(text: string, known: readonly string[]): (item: Fields) => boolean {
  const [, field = '', comparison, wanted = ''] = /^([^=!<>]+)(!=|>=|<=|=|>|<)(.*)$/s.exec(text) ?? [];
  if (comparison === undefined) {
    throw refuse('filter', `${show(text)} is not allowed; use a field, one of ${comparisons.join(' ')}, and a value`);
  }
  const path = parsePath('filter', field, known);
  const matches = matcherOf(comparison as (typeof comparisons)[number], wanted);
  return (item) => {
    const value = valueAt(item, path);
    return matches(Array.isArray(value) ? value : [value]);
  };
}

type Matcher = (values: readonly unknown[]) => boolean;

function matcherOf(comparison: (typeof comparisons)[number], wanted: string): Matcher {
  const pattern = new RegExp(`^${wanted.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*')}$`, 'u');
  const isEqual = (value: unknown) => (value === undefined ? wanted === '' : pattern.test(textOf(value)));
  const compare = (value: unknown) => compareValues(toSortValue(value), numberOrText(value, wanted));
  const matchers: Readonly<Record<(typeof comparisons)[number], Matcher>> = {
    '=': (values) => values.some(isEqual),
    '!=': (values) => !values.some(isEqual),
    '>': (values) => values.some((value) => value !== undefined && compare(value) > 0),
    '>=': (values) => values.some((value) => value !== undefined && compare(value) >= 0),
    '<': (values) => values.some((value) => value !== undefined && compare(value) < 0),
    '<=': (values) => values.some((value) => value !== undefined && compare(value) <= 0),
  };
  return matchers[comparison];
}

function numberOrText(value: unknown, wanted: string): SortValue {
  const number = Number(wanted);
  return typeof value === 'number' && wanted.trim() !== '' && !Number.isNaN(number) ? number : wanted;
}

function parseOrder(text: string, known: readonly string[]): readonly SortKey[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => ({
      path: parsePath('sort', word.replace(/^-/, ''), known),
      direction: word.startsWith('-') ? -1 : 1,
    }));
}

function parsePath(parameter: string, field: string, known: readonly string[]): readonly string[] {
  const path = field.split('.');
  if (known.includes(String(path[0]))) return path;
  throw refuse(parameter, `there is no field ${show(field)}; use ${known.join(', ')}`);
}

function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Fields)[name];
  }
  return value;
}

function sortValues(item: Fields, order: readonly SortKey[]): readonly SortValue[] {
  return order.map(({ path }) => toSortValue(valueAt(item, path)));
}

function toSortValue(value: unknown): SortValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? value : textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function compareKeys(a: readonly SortValue[], b: readonly SortValue[], order: readonly SortKey[]): number {
  for (const [index, { direction }] of order.entries()) {
    const difference = compareValues(a[index] ?? null, b[index] ?? null);
    if (difference !== 0) return difference * direction;
  }
  return 0;
}

/** Numbers before texts, both before what is absent; texts by code unit, the same on every node. */
function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : 1;
}

function refuse(parameter: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `${parameter}: ${problem}`, { field: parameter });
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
