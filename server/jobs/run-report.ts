import type { RunReport } from '../../contract/runs.ts';
import type { StageCounters } from '../dataflow/index.ts';
import { type RunRecord, toRunView } from './run-record.ts';

interface DocumentLike {
  readonly stages?: readonly {
    readonly id: string;
    readonly label?: string;
    readonly type: string;
    readonly settings?: { readonly file?: unknown };
  }[];
  readonly channels?: readonly { readonly from: { readonly stage: string }; readonly to: { readonly stage: string } }[];
}

/** What there is to tell of a run, while it goes on and afterwards. */
export function toRunReport(record: RunRecord, nowMs: number): RunReport {
  const { order, progress } = record;
  const { stages = [], channels = [] } = order.document as DocumentLike;
  const receiving = new Set(channels.map(({ to }) => to.stage));
  const giving = new Set(channels.map(({ from }) => from.stage));
  const sum = (count: (stage: StageCounters) => number) =>
    progress.counters.reduce((total, stage) => total + count(stage), 0);
  const endMs = progress.endedAt === undefined ? nowMs : Date.parse(progress.endedAt);
  return {
    run: toRunView(record),
    ...(progress.startedAt !== undefined && { durationMs: Math.max(0, endMs - Date.parse(progress.startedAt)) }),
    options: order.options,
    files: stages.flatMap(({ id, label = id, type, settings }) =>
      typeof settings?.file === 'string' ? [{ label, type, file: settings.file }] : [],
    ),
    databases: order.databases,
    recordsRead: sum(({ stage, recordsRead }) => (receiving.has(stage) ? 0 : recordsRead)),
    // What a sink is given it has written.
    recordsWritten: sum(({ stage, recordsRead }) => (giving.has(stage) ? 0 : recordsRead)),
    malformedRecords: sum(({ malformedRecords }) => malformedRecords),
  };
}
