import { runtimePartitions } from '../../contract/runtime-table.ts';
import { type ConfigurationSnapshot, type Item, type Table, textOf } from '../configuration/index.ts';
import { isTold, type NotificationRule, type ToldRun, toSubject, toText } from './message.ts';

/** A mail as it waits. */
export interface Mail {
  /** Differs for every start, end and rule, and is the same however often the mail is sent. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface OutboxProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  snapshot(): ConfigurationSnapshot;
  nowMs(): number;
}

/** A mail that could not be sent for so long tells nobody anything. */
const waitingSeconds = 7 * 86_400;
const mailsAtATime = 100;

/** Mails that wait to be sent, in the runtime table. */
export class Outbox {
  readonly #props: OutboxProps;

  constructor(props: OutboxProps) {
    this.#props = props;
  }

  /** Puts a mail for each rule that tells of it; doing it again puts none twice while the first one waits. */
  async tell(run: ToldRun): Promise<void> {
    const { table, clusterName, snapshot, nowMs } = this.#props;
    const rules = snapshot().list<NotificationRule>('notification');
    for (const { name, value } of rules.filter((rule) => isTold(rule.value, run))) {
      const id = `${run.id}#${run.event === 'job-start' ? 'start#' : ''}${name}`;
      const mail: Mail = { id, to: value.recipients, subject: toSubject(clusterName, run), text: toText(run) };
      const body = { body: JSON.stringify(mail), expiresAt: Math.ceil(nowMs() / 1_000) + waitingSeconds };
      await table.put(this.#keyOf(id), body, 'absent');
    }
  }

  /** Mails that wait, oldest runs first, at most a hundred. */
  async list(): Promise<readonly Mail[]> {
    const { partition } = this.#keyOf('');
    const range = { partition, from: ' ', to: '\u{10ffff}', limit: mailsAtATime, order: 'ascending' } as const;
    const { items } = await this.#props.table.query(range, 'strong');
    const isCurrent = ({ attributes }: Item) => Number(attributes.expiresAt) * 1_000 > this.#props.nowMs();
    return items.filter(isCurrent).map((item) => JSON.parse(textOf(item, 'body')) as Mail);
  }

  async remove({ id }: Mail): Promise<void> {
    await this.#props.table.delete(this.#keyOf(id), 'none');
  }

  #keyOf(sort: string): Item['key'] {
    return { partition: `${runtimePartitions.mails}#${this.#props.clusterName}`, sort };
  }
}
