import { type AuditView, managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import type { Route } from '../route.ts';
import { type AuditQuery, type AuditSources, listAudit, positionOf } from './audit-entries.ts';
import { type DeskProps, ManagementDesk } from './desk.ts';
import { parseLimit } from './list-query.ts';
import { streamItems } from './rows.ts';

export interface AuditProps extends DeskProps {
  readonly journal: AuditSources['journal'];
}

const columns = [
  'revision',
  'at',
  'by',
  'operation',
  'kind',
  'name',
  'reason',
  'value',
  'until',
  'count',
  'host',
] as const satisfies readonly (keyof AuditView)[];
const parameters = ['user', 'kind', 'name', 'from', 'to', 'before', 'limit'];

/** The URL of the audit log: every change of the configuration, and who was let in or refused; newest first. */
export function auditLogRoutes(props: AuditProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const handler = desk.guarded({ entityType: 'Audit Log', permission: 'view' }, async (call) => {
    const query = parseAuditQuery(call.query);
    const page: Page = { last: undefined, isFull: false };
    const entries = await listAudit({ configuration: desk.configuration, journal: props.journal }, query);
    const shown = firstOf(entries, parseLimit(call.query.get('limit')) ?? Number.POSITIVE_INFINITY, page);
    const accept = String(call.request.headers.accept ?? '');
    if (accept.includes('text/csv')) desk.stream(call.reply, 'text/csv;charset=utf-8', csv(shown));
    else streamItems(desk, call, shown, () => (page.isFull ? page.last : undefined));
  });
  return [{ method: 'GET', path: managementPaths.auditLog, handler }];
}

interface Page {
  /** Position of the last entry. */
  last: string | undefined;
  isFull: boolean;
}

async function* firstOf(
  entries: AsyncGenerator<Parameters<typeof positionOf>[0]>,
  limit: number,
  page: Page,
): AsyncGenerator<AuditView> {
  let count = 0;
  for await (const entry of entries) {
    if (count++ === limit) {
      page.isFull = true;
      return;
    }
    page.last = positionOf(entry);
    yield entry.view;
  }
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
    ...parsePosition(query),
    clockSkewMs: timeLimits.clockSkewMs,
  };
}

/** A revision alone asks for changes only; `next` of a page says where both go on. */
function parsePosition(query: URLSearchParams): Pick<AuditQuery, 'beforeRevision' | 'beforePlace'> {
  const text = query.get('before');
  if (text === null) return { beforeRevision: undefined, beforePlace: undefined };
  const [, revision, , place] = /^"?(?:\d{1,9}\.)?(\d{1,15})"?(@(.*))?$/s.exec(text.trim()) ?? [];
  if (revision === undefined) throw refuse('before', `${JSON.stringify(text.slice(0, 40))} is not a revision`);
  return { beforeRevision: Number(revision), beforePlace: place ?? '' };
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
