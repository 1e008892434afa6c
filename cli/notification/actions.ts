import { exitCodes } from '../../contract/exit-codes.ts';
import { type ActionContext, type Actions, wordAt } from '../jobs/access.ts';

/** Every action of `spectrum notification`. */
export const notificationActions: Actions = {
  list: { usage: '', summary: 'who is told about what', run: list },
  test: { usage: 'ADDRESS…', summary: 'sends a mail by the mail server of the configuration, now', run: test },
};

async function list({ client, write }: ActionContext): Promise<number> {
  for await (const { name, event, flow, outcomes = [], recipients = [] } of client
    .objects('notification')
    .list({ sort: 'name' })) {
    const what = [event, flow, event === 'job-end' ? outcomes.join(' ') : ''].filter(Boolean).join(', ');
    write(`${name}: ${what}; to ${recipients.join(', ')}\n`);
  }
  return exitCodes.success.code;
}

async function test({ client, words, write }: ActionContext): Promise<number> {
  wordAt(words, 0, 'the address of a recipient');
  const sentTo = await client.sendTestMail(words);
  write(`sent to ${sentTo.join(', ')}\n`);
  return sentTo.length === words.length ? exitCodes.success.code : exitCodes.jobRefused.code;
}
