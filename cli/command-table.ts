/** One flag: how its value is read, and the words that help and refusals show. */
export interface FlagDefinition<Value = unknown> {
  readonly placeholder: string;
  readonly summary: string;
  readonly allowed: string;
  readonly fallback: Value;
  /** `undefined` when the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

interface CommandDefinition {
  readonly summary: string;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
}

/** Every command and flag; parsing, refusals and help are derived from it. */
export const commands = {
  start: {
    summary: 'starts a cluster on this machine; Ctrl-C stops it',
    flags: {
      nodes: integerFlag('how many nodes', 1, 32, 2),
      port: integerFlag('port of the balancer; 0 takes a free one', 0, 65_535, 8080),
      host: textFlag(
        'ADDRESS',
        'listen address of the balancer; 0.0.0.0 serves other machines too',
        '127.0.0.1',
        'a host name or address',
      ),
      data: textFlag('DIR', 'folder that keeps everything', '.spectrum', 'a path'),
      group: {
        placeholder: 'NAME=SERVICE,…',
        summary: 'one more node, which alone runs these services; several by ;',
        allowed: '<name>=<service>,<service>, several by ;',
        fallback: [],
        parse: parseGroups,
      },
      'configuration-endpoint': {
        placeholder: 'URL',
        summary: 'an existing table server for the configuration',
        allowed: 'a URL such as http://10.0.0.5:8000',
        fallback: '',
        parse: (text: string) => (/^https?:\/\/[^\s/]+\/?$/.test(text) ? text.replace(/\/$/, '') : undefined),
      },
      cluster: {
        placeholder: 'NAME',
        summary: 'the cluster to be part of',
        allowed: '1 to 64 letters, digits, . _ or -',
        fallback: 'local',
        parse: (text: string) => (/^[\w.-]{1,64}$/.test(text) ? text : undefined),
      },
    },
  },
  user: { summary: 'lets a user in again who cannot log in; `user help` lists its actions', flags: {} },
  config: {
    summary: 'shows, changes, backs up and restores the configuration; `config help` lists its actions',
    flags: {},
  },
  secret: { summary: 'keeps passwords of connections on this machine; `secret help` lists its actions', flags: {} },
  data: { summary: 'builds, checks, publishes and retires reference data; `data help` lists its commands', flags: {} },
  dataflow: { summary: 'checks, saves and exposes dataflows; `dataflow help` lists its actions', flags: {} },
  job: { summary: 'runs jobs and watches them; `job help` lists its actions', flags: {} },
  jobexecutor: {
    summary: 'runs jobs as Job Executor does, for scripts that call it; `jobexecutor -?` tells how',
    flags: {},
  },
  processflow: {
    summary: 'runs jobs and programs one after the other; `processflow help` lists its actions',
    flags: {},
  },
  schedule: { summary: 'runs flows at their times; `schedule help` lists its actions', flags: {} },
  notification: {
    summary: 'tells who is mailed about runs, and tries the mail server; `notification help`',
    flags: {},
  },
  version: { summary: 'prints the version', flags: {} },
  help: { summary: 'prints this text', flags: {} },
} as const satisfies Record<string, CommandDefinition>;

export type CommandName = keyof typeof commands;

/** Values of a command's flags, complete. */
export type FlagValues<Name extends CommandName> = {
  readonly [Flag in keyof (typeof commands)[Name]['flags']]: (typeof commands)[Name]['flags'][Flag] extends FlagDefinition<
    infer Value
  >
    ? Value
    : never;
};

interface Group {
  readonly name: string;
  readonly services: readonly string[];
}

function parseGroups(text: string): readonly Group[] | undefined {
  const groups = text.split(';').map((part) => {
    const [, name = '', services = ''] = /^([A-Za-z][\w-]{0,29})=([\w,]+)$/.exec(part.trim()) ?? [];
    return { name, services: services.split(',').filter((service) => service !== '') };
  });
  const names = new Set(groups.map(({ name }) => name));
  const isAllowed = names.size === groups.length && groups.every(({ name, services }) => name && services.length > 0);
  return isAllowed ? groups : undefined;
}

function textFlag(placeholder: string, summary: string, fallback: string, allowed: string): FlagDefinition<string> {
  return { placeholder, summary, allowed, fallback, parse: (text) => text || undefined };
}

function integerFlag(summary: string, least: number, most: number, fallback: number): FlagDefinition<number> {
  return {
    placeholder: 'N',
    summary,
    allowed: `a whole number from ${least} to ${most}`,
    fallback,
    parse: (text) => {
      const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}
