import { createHash } from 'node:crypto';
import type { Transporter } from 'nodemailer';
import { defaultSetting, type SettingValue } from '../../contract/known-settings.ts';
import { type ConfigurationSnapshot, TableError } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { Log } from '../foundation/log.ts';
import type { Mail, Outbox } from './outbox.ts';

export type MailServer = SettingValue<'mail-server'>;

export interface MailerProps {
  readonly outbox: Outbox;
  snapshot(): ConfigurationSnapshot;
  /** The secret behind a reference. */
  resolveSecret(reference: string): Promise<string>;
  readonly clusterName: string;
  readonly log: Log;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as const;
/** The lease on sending is not renewed meanwhile, and the last mail may take as long as all timeouts together. */
const roundMs = 15_000;
/** Failures that say nothing of the other mails, as nodemailer calls them. */
const ofOneMail: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE']);

/**
 * Sends what waits in the outbox, each mail at least once: a node that dies between sending and forgetting one leaves it to
 * be sent again, under the same Message-ID.
 */
export class Mailer {
  readonly #props: MailerProps;

  constructor(props: MailerProps) {
    this.#props = props;
  }

  /** One mail that cannot be sent now stays; one that the server refuses for good is forgotten, and the log says so. */
  async sendWaiting(): Promise<void> {
    const server = this.#server();
    if (server.host === '') return;
    const mails = await this.#props.outbox.list();
    if (mails.length === 0) return;
    const transport = await this.#open(server);
    try {
      const untilMs = performance.now() + roundMs;
      for (const mail of mails) {
        if (performance.now() > untilMs) return;
        if ((await this.#send(transport, server, mail)) === 'no server') return;
      }
    } finally {
      transport.close();
    }
  }

  /**
   * Sends a mail now, so that an administrator sees what the server says to it; resolves with the recipients that it took.
   * Throws `INVALID_REQUEST` without a mail server, `SECRET_UNREADABLE`, and `CONNECTION_FAILED` with its reason.
   */
  async sendTest(recipients: readonly string[]): Promise<readonly string[]> {
    const { clusterName } = this.#props;
    const server = this.#server();
    if (server.host === '') {
      throw new SpectrumError('INVALID_REQUEST', 'There is no mail server; save the setting mail-server first');
    }
    const transport = await this.#open(server);
    const text = `This cluster, ${clusterName}, can send mail by ${server.host}.\n`;
    try {
      const mail = { from: server.from, to: [...recipients], subject: `[spectrum ${clusterName}] test`, text };
      const { accepted } = await transport.sendMail(mail);
      return (accepted ?? []).map((one: string | { readonly address: string }) =>
        typeof one === 'string' ? one : one.address,
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `The mail server ${server.host}:${server.port} did not take the mail: ${reason}; check the setting mail-server`;
      throw new SpectrumError('CONNECTION_FAILED', sentence, { host: server.host }, { cause: error });
    } finally {
      transport.close();
    }
  }

  async #send(transport: Transporter, { from }: MailServer, mail: Mail): Promise<'done' | 'no server'> {
    const { outbox, clusterName, log } = this.#props;
    const name = createHash('sha256').update(mail.id).digest('hex').slice(0, 32);
    const domain = /@([\w.-]+)>?$/.exec(from)?.[1] ?? 'localhost';
    const messageId = `<${name}.${clusterName}@${domain}>`;
    const { to, subject, text } = mail;
    try {
      await transport.sendMail({ from, to: [...to], subject, text, messageId });
    } catch (error) {
      const { responseCode = 0, code = '' } = error as { responseCode?: number; code?: string };
      // 5xx stays as it is (RFC 5321 section 4.2.1), save for a login, which an administrator may set right.
      const isFinal = responseCode >= 500 && code === 'EENVELOPE';
      log.warn({ err: error, mail: mail.id, isFinal }, 'A notification could not be sent');
      // A server that is away would be waited for once for each mail.
      if (!isFinal) return ofOneMail.has(code) ? 'done' : 'no server';
    }
    await outbox.remove(mail).catch((error: unknown) => {
      if (!(error instanceof TableError)) throw error;
      log.warn({ err: error, mail: mail.id }, 'A notification that was sent may be sent again');
    });
    return 'done';
  }

  async #open(server: MailServer): Promise<Transporter> {
    const { host, port, encryption, user, secret } = server;
    const pass = secret === undefined ? '' : await this.#props.resolveSecret(secret);
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host,
      port,
      secure: encryption === 'tls',
      requireTLS: encryption === 'starttls',
      ignoreTLS: encryption === 'none',
      ...(user !== '' && { auth: { user, pass } }),
      ...timeouts,
      // Texts come from dataflows: nothing in them is to be fetched.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  #server(): MailServer {
    const saved = this.#props.snapshot().find<{ value: MailServer }>('setting', 'mail-server')?.value.value;
    return { ...defaultSetting('mail-server'), ...saved };
  }
}
