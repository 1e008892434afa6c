import type { SentValue } from '../../client/index.ts';
import { CommandError } from '../command-error.ts';
import { type ActionFlags, readPairs } from '../jobs/access.ts';

type Sent = SentValue<'schedule'>;
type Trigger = NonNullable<Sent['trigger']>;

/** The schedule that the flags describe; the server says what is wrong with its times. Throws `CommandError` `usage`. */
export function readSchedule(flags: ActionFlags): Sent {
  const { comment, region, overlap, disabled } = flags;
  const catchUp = flags['catch-up'];
  return {
    ...readFlow(flags),
    trigger: readTrigger(flags),
    enabled: disabled !== true,
    options: readPairs('option', flags.option),
    files: readPairs('file', flags.file),
    ...(comment !== undefined && { description: comment }),
    ...(region !== undefined && { region }),
    ...(overlap !== undefined && { overlap: overlap as NonNullable<Sent['overlap']> }),
    ...(catchUp !== undefined && { catchUpMinutes: Number(catchUp) }),
  };
}

function readFlow({ dataflow, 'process-flow': processFlow }: ActionFlags): Pick<Sent, 'flow' | 'flowKind'> {
  if ((dataflow === undefined) === (processFlow === undefined)) {
    throw new CommandError('usage', 'schedule: name the flow, by --dataflow or --process-flow');
  }
  return dataflow === undefined
    ? { flowKind: 'process-flow', flow: String(processFlow) }
    : { flowKind: 'dataflow', flow: dataflow };
}

function readTrigger(flags: ActionFlags): Trigger {
  const { cron, at, every, start, end, 'control-file': file, 'time-zone': timeZone = 'UTC' } = flags;
  const bounds = { timeZone, ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  const triggers: readonly (Trigger | undefined)[] = [
    cron === undefined ? undefined : { kind: 'cron', pattern: cron, ...bounds },
    at === undefined ? undefined : { kind: 'once', at, ...bounds },
    every === undefined ? undefined : { kind: 'interval', ...readInterval(every), ...bounds },
    file === undefined ? undefined : { kind: 'control-file', file, ...bounds },
  ];
  const [trigger, ...others] = triggers.filter((one) => one !== undefined);
  if (trigger !== undefined && others.length === 0) return trigger;
  throw new CommandError('usage', 'schedule: say when, by one of --cron, --at, --every and --control-file');
}

function readInterval(text: string): Pick<Trigger, 'every' | 'unit'> {
  const [, count, unit] = /^(\d{1,4}) ?(minutes|hours|days|weeks|months)$/.exec(text) ?? [];
  if (count !== undefined) return { every: Number(count), unit: unit as NonNullable<Trigger['unit']> };
  throw new CommandError('usage', `--every: "${text}" is not allowed; use such as 15minutes, 1days or 3months`);
}
