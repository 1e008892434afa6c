import type { ConfigurationKind } from '../../../contract/kinds.ts';
import type { HistoryView } from '../../../contract/management.ts';
import { findValueAt, historyOf } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import type { Route } from '../route.ts';
import { parseRevision } from '../security/revision-gate.ts';
import { type DeskProps, type Fields, type ManagementCall, ManagementDesk } from './desk.ts';
import { assertExposable, assertMayExpose } from './exposure.ts';
import { parseLimit } from './list-query.ts';
import { getObject } from './objects.ts';
import { entityTag, readPrecondition } from './preconditions.ts';
import { managedResources, present, rightTo } from './resources.ts';
import { streamItems } from './rows.ts';
import { assertMayRun } from './runnable.ts';

const usualEntries = 100;

export interface HistoryProps extends DeskProps {
  readonly services: readonly ServiceDefinition[];
  readonly exposed?: ExposedServices | undefined;
}

/** The URLs of what was: the changes of each object, and the way back to an earlier value. */
export function historyRoutes(props: HistoryProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  return managedResources
    .filter(({ definition }) => definition.writtenBy === 'callers')
    .flatMap(({ kind, path }): Route[] => [
      { method: 'GET', path: `${path}/:name/history`, handler: desk.open((call) => listHistory(desk, kind, call)) },
      { method: 'POST', path: `${path}/:name/restore`, handler: desk.open((call) => restore(desk, props, kind, call)) },
    ]);
}

/** The revision in the query parameter `before`; undefined when absent. */
function parseBefore(query: URLSearchParams): number | undefined {
  const text = query.get('before');
  if (text === null) return undefined;
  const revision = parseRevision(text);
  if (revision !== undefined) return revision;
  throw new SpectrumError('INVALID_REQUEST', `before: ${JSON.stringify(text.slice(0, 40))} is not a revision`, {
    field: 'before',
  });
}

async function listHistory(desk: ManagementDesk, kind: ConfigurationKind, call: ManagementCall): Promise<void> {
  const { name, query } = call;
  desk.assertPermitted(call, rightTo('view', kind, name));
  const limit = parseLimit(query.get('limit')) ?? usualEntries;
  const { epoch } = desk.snapshot();
  const entries: HistoryView[] = [];
  let next: string | undefined;
  for await (const { differences, ...entry } of historyOf(desk.configuration, { kind, name }, parseBefore(query))) {
    if (entries.length === limit) {
      next = entries.at(-1)?.revision;
      break;
    }
    const { operation, by, at, reason } = entry;
    entries.push({ revision: `${epoch}.${entry.revision}`, operation, by, at, reason, changes: differences });
  }
  if (entries.length === 0) getObject(desk.snapshot(), kind, name);
  streamItems(desk, call, entries, () => next);
}

async function restore(
  desk: ManagementDesk,
  { services, exposed }: HistoryProps,
  kind: ConfigurationKind,
  call: ManagementCall,
): Promise<void> {
  const { name, request, reply } = call;
  const isGone = desk.snapshot().find(kind, name) === undefined;
  desk.assertPermitted(call, rightTo(isGone ? 'create' : 'modify', kind, name));
  const expected = readPrecondition(desk, call, { kind, name });
  const { revision: asked } = await desk.readObject(request);
  const revision = parseRevision(String(asked));
  if (revision === undefined) {
    const sentence = `revision: ${JSON.stringify(asked) ?? 'nothing'} is not a revision; send one of the history`;
    throw new SpectrumError('INVALID_OBJECT', sentence, { field: 'revision' });
  }
  const value = (await findValueAt(desk.configuration, { kind, name }, revision)) as Fields;
  assertMayExpose(desk, call, { kind, name, value });
  assertMayRun(desk, call, { kind, name, value });
  if (kind === 'dataflow') await assertExposable({ name, value, before: desk.snapshot(), services, exposed });
  const reason = call.query.get('reason') ?? `restored ${revision}`;
  await desk.write(call, { kind, name, expected, value, reason });
  const snapshot = desk.snapshot();
  const restored = getObject(snapshot, kind, name);
  reply.code(expected === 'absent' ? 201 : 200).header('etag', entityTag(snapshot, restored.revision));
  desk.send(reply, present(restored, snapshot.epoch));
}
