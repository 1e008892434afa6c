import { type AuditView, managementPaths } from '../../../contract/management.ts';
import { hideSecrets } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import type { Route } from '../route.ts';
import { type DeskProps, ManagementDesk } from './desk.ts';
import { parseBefore } from './history.ts';
import { parseLimit } from './list-query.ts';
import { streamItems } from './rows.ts';

interface AuditQuery {
  readonly user: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: number | undefined;
  readonly limit: number;
}

const columns = ['revision', 'at', 'by', 'operation', 'kind', 'name', 'reason', 'value'] as const;
const parameters = ['user', 'kind', 'name', 'from', 'to', 'before', 'limit'];

/** The URL of the audit log: every change of the configuration, newest first. */
export function auditLogRoutes(props: DeskProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const handler = desk.guarded({ entityType: 'Audit Log', permission: 'view' }, (call) => {
    const query = parseAuditQuery(call.query);
    const page: { last?: AuditView; isFull: boolean } = { isFull: false };
    const entries = listEntries(desk, query, page);
    const accept = String(call.request.headers.accept ?? '');
    if (accept.includes('text/csv')) desk.stream(call.reply, 'text/csv;charset=utf-8', csv(entries));
    else streamItems(desk, call, entries, () => (page.isFull ? page.last?.revision : undefined));
  });
  return [{ method: 'GET', path: managementPaths.auditLog, handler }];
}

async function* listEntries(
  desk: ManagementDesk,
  query: AuditQuery,
  page: { last?: AuditView; isFull: boolean },
): AsyncGenerator<AuditView> {
  const { epoch } = desk.snapshot();
  let count = 0;
  for await (const { value, revision, ...entry } of desk.configuration.history(query.before)) {
    const atMs = Date.parse(entry.at);
    // Each change has the clock of its node; beyond their difference nothing older can be in the time asked for.
    if (atMs < query.fromMs - timeLimits.clockSkewMs) return;
    if (!isWanted(query, entry, atMs)) continue;
    if (count === query.limit) {
      page.isFull = true;
      return;
    }
    count++;
    const shown = value === undefined ? undefined : hideSecrets(entry.kind, JSON.parse(value));
    const view = { revision: `${epoch}.${revision}`, ...entry, value: shown };
    page.last = view;
    yield view;
  }
}

function isWanted(
  { user, kind, name, fromMs, toMs }: AuditQuery,
  entry: { readonly by: string; readonly kind: string; readonly name: string },
  atMs: number,
): boolean {
  if (user !== undefined && entry.by !== user) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (name !== undefined && entry.name !== name) return false;
  return atMs >= fromMs && atMs < toMs;
}

function parseAuditQuery(query: URLSearchParams): AuditQuery {
  const unknown = [...query.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw refuse(unknown, `is unknown; use ${parameters.join(', ')}`);
  return {
    user: query.get('user') ?? undefined,
    kind: query.get('kind') ?? undefined,
    name: query.get('name') ?? undefined,
    fromMs: parseTime(query, 'from') ?? Number.NEGATIVE_INFINITY,
    toMs: parseTime(query, 'to') ?? Number.POSITIVE_INFINITY,
    before: parseBefore(query),
    limit: parseLimit(query.get('limit')) ?? Number.POSITIVE_INFINITY,
  };
}

function parseTime(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter);
  if (text === null) return undefined;
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  const problem = `${JSON.stringify(text.slice(0, 40))} is not a time; use ISO 8601 such as 2027-03-31T12:00:00Z`;
  throw refuse(parameter, problem);
}

function refuse(field: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `${field}: ${problem}`, { field });
}

async function* csv(entries: AsyncIterable<AuditView>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const entry of entries) yield `${columns.map((column) => csvCell(entry[column])).join(',')}\r\n`;
}

/** RFC 4180; a sign at the start is taken for a formula by spreadsheets, and a quote before it ends that. */
function csvCell(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
