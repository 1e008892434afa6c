import { createServer, type Socket } from 'node:net';

interface CaughtMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and text as they came. */
  readonly data: string;
  /** User and password of the login; empty without one. */
  readonly login: string;
}

/** A mail server of this process that keeps what it is sent; `refuse` answers a recipient with that code. */
export async function openMailCatcher(refuse: (recipient: string) => number | undefined = () => undefined) {
  const mails: CaughtMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket, (mail) => mails.push(mail), refuse);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As much of RFC 5321 and of AUTH PLAIN (RFC 4954) as a client needs to hand over a mail. */
function serve(
  socket: Socket,
  keep: (mail: CaughtMail) => void,
  refuse: (recipient: string) => number | undefined,
): void {
  let text = '';
  let login = '';
  let mail = { from: '', to: [] as string[] };
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const address = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
  const obey = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return say('250-catcher\r\n250 AUTH PLAIN');
    if (verb === 'AUTH') {
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .replaceAll('\0', ' ')
        .trim();
      return say('235 welcome');
    }
    if (verb === 'MAIL') mail = { from: address(line), to: [] };
    if (verb === 'RCPT') {
      const code = refuse(address(line));
      if (code !== undefined) return say(`${code} not now`);
      mail.to.push(address(line));
    }
    isData = verb === 'DATA';
    if (verb === 'QUIT') return socket.end('221 bye\r\n');
    return say(isData ? '354 go on' : '250 ok');
  };
  say('220 catcher');
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    for (;;) {
      const end = isData ? '\r\n.\r\n' : '\r\n';
      const at = text.indexOf(end);
      if (at < 0) return;
      const part = text.slice(0, at);
      text = text.slice(at + end.length);
      if (isData) {
        keep({ ...mail, data: part, login });
        isData = false;
        say('250 kept');
      } else obey(part);
    }
  });
}
