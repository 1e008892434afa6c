import { exitCodes } from '../../contract/exit-codes.ts';
import type { ManagedObject } from '../../contract/management.ts';
import { CommandError } from '../command-error.ts';
import { type Action, type ActionContext, type Actions, wordAt } from '../jobs/access.ts';
import { readSchedule } from './read-schedule.ts';

const nameOf = ({ words }: ActionContext) => wordAt(words, 0, 'the name of the schedule');

const toggle = (enabled: boolean, summary: string): Action => ({
  usage: 'NAME',
  summary,
  async run(context) {
    const name = nameOf(context);
    await context.client
      .objects('schedule')
      .change(name, ({ name: _, revision: __, ...value }) => ({ ...value, enabled }));
    context.write(`${name}: ${enabled ? 'enabled' : 'disabled'}\n`);
    return exitCodes.success.code;
  },
});

/** Every action of `spectrum schedule`. */
export const scheduleActions: Actions = {
  list: { usage: '', summary: 'schedules and when they fire next', run: list },
  show: { usage: 'NAME', summary: 'one schedule with its next times', run: show },
  create: {
    usage:
      'NAME --dataflow FLOW | --process-flow FLOW\n        --cron "30 2 * * MON-FRI" | --at 2027-01-31T02:30 | --every 2hours --start 2027-01-01T00:00 | --control-file PATH\n        [--time-zone Europe/Berlin] [--start T] [--end T] [--option NAME=VALUE]… [--file LABEL=PATH]…\n        [--overlap skip|queue|allow] [--catch-up MINUTES] [--region NAME] [--comment TEXT] [--disabled]',
    summary: 'makes a schedule',
    run: create,
  },
  enable: toggle(true, 'lets it fire from now on'),
  disable: toggle(false, 'lets it fire no more; what it has started goes on'),
  delete: { usage: 'NAME', summary: 'forgets a schedule; what it has started goes on', run: remove },
  fires: { usage: 'NAME [--limit N]', summary: 'what became of its times, newest first', run: fires },
  'run-now': { usage: 'NAME', summary: 'starts its flow now, with its options and files', run: runNow },
};

async function list({ client, write }: ActionContext): Promise<number> {
  for await (const schedule of client.objects('schedule').list({ sort: 'name' })) {
    const { next } = await client.schedules.fires(schedule.name, 1);
    write(`${schedule.name}: ${schedule.flowKind} ${schedule.flow}, ${formatNext(schedule, next)}\n`);
  }
  return exitCodes.success.code;
}

async function show(context: ActionContext): Promise<number> {
  const { client, write } = context;
  const name = nameOf(context);
  const { value } = await client.objects('schedule').get(name);
  const { next } = await client.schedules.fires(name, 1);
  write(`${JSON.stringify({ ...value, next }, undefined, 2)}\n`);
  return exitCodes.success.code;
}

async function create(context: ActionContext): Promise<number> {
  const { client, flags, write } = context;
  const name = nameOf(context);
  const { value } = await client.objects('schedule').create(name, readSchedule(flags));
  const { next } = await client.schedules.fires(name, 1);
  write(`${name}: created, ${formatNext(value, next)}\n`);
  return exitCodes.success.code;
}

async function remove(context: ActionContext): Promise<number> {
  const name = nameOf(context);
  await context.client.objects('schedule').delete(name, 'any');
  context.write(`${name}: deleted\n`);
  return exitCodes.success.code;
}

async function fires(context: ActionContext): Promise<number> {
  const { client, flags, write } = context;
  const limit = Number(flags.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CommandError('usage', `--limit: "${flags.limit}" is not a whole number`);
  }
  const { items } = await client.schedules.fires(nameOf(context), limit);
  for (const { dueAt, state, run, file, until, error } of items) {
    const more = [run, file, until && `until ${until}`, error].filter(Boolean).join(', ');
    write(`${dueAt}  ${state.padEnd(8)} ${more}\n`);
  }
  return exitCodes.success.code;
}

async function runNow(context: ActionContext): Promise<number> {
  const { run } = await context.client.schedules.runNow(nameOf(context));
  context.write(`${run}\n`);
  return exitCodes.success.code;
}

function formatNext({ enabled, trigger }: ManagedObject<'schedule'>, [next]: readonly string[]): string {
  if (enabled === false) return 'disabled';
  if (trigger?.kind === 'control-file') return `when ${trigger.file} is there`;
  return next === undefined ? 'never again' : `next at ${next}`;
}
