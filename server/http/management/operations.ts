import { managementPaths, passphraseHeader } from '../../../contract/management.ts';
import { runCommands } from '../../../contract/runs.ts';
import type { ServiceDefinition } from '../../services/index.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One operation of the management API as its description tells it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With `{name}` for a part. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly parameters?: readonly ParameterName[];
  readonly body?: Json;
  /** Of the answer, or of one item of it. */
  readonly schema?: Json;
  /** `object` when absent. */
  readonly answer?: 'object' | 'list' | 'created' | 'saved' | 'accepted' | 'nothing';
  /** Other content types of the answer. */
  readonly text?: Json;
}

const string = { type: 'string' };

const parameters = {
  Name: { in: 'path', name: 'name', required: true, description: 'Name of the object', schema: string },
  IfMatch: { in: 'header', name: 'If-Match', description: 'The ETag that was read; * for any', schema: string },
  IfNoneMatch: {
    in: 'header',
    name: 'If-None-Match',
    description: '* creates; an ETag spares reading again',
    schema: string,
  },
  IdempotencyKey: {
    in: 'header',
    name: 'Idempotency-Key',
    description: 'Sent again, the change is answered and not repeated',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  SpectrumRevision: {
    in: 'header',
    name: 'Spectrum-Revision',
    description: 'What the caller has seen',
    schema: string,
  },
  Passphrase: {
    in: 'header',
    name: passphraseHeader,
    description: 'Seals and opens the hidden fields of the file; at least 12 characters',
    schema: string,
  },
  Reason: { in: 'query', name: 'reason', description: 'Why, for the audit log', schema: string },
  Filter: {
    in: 'query',
    name: 'filter',
    description: 'field=value with * for any characters, or !=, <, <=, >, >=; all given must hold',
    schema: { type: 'array', items: string },
  },
  Sort: { in: 'query', name: 'sort', description: 'Fields by commas, - before one for descending', schema: string },
  Limit: {
    in: 'query',
    name: 'limit',
    description: 'Items at most',
    schema: { type: 'integer', minimum: 1, maximum: 10_000 },
  },
  Cursor: { in: 'query', name: 'cursor', description: 'next of the page before', schema: string },
  Before: {
    in: 'query',
    name: 'before',
    description: 'Only older than this revision, or than the page that gave this as next',
    schema: string,
  },
  User: { in: 'query', name: 'user', description: 'Whose changes', schema: string },
  Kind: {
    in: 'query',
    name: 'kind',
    description: 'Changes of objects of this kind; access for who was let in and who was refused',
    schema: string,
  },
  ObjectName: { in: 'query', name: 'name', description: 'Changes of objects of this name', schema: string },
  From: {
    in: 'query',
    name: 'from',
    description: 'Not before this time',
    schema: { type: 'string', format: 'date-time' },
  },
  To: { in: 'query', name: 'to', description: 'Before this time', schema: { type: 'string', format: 'date-time' } },
  Format: {
    in: 'query',
    name: 'format',
    description: 'Of the answer; what Accept asks for when absent',
    schema: { type: 'string', enum: ['html', 'json'] },
  },
  DryRun: { in: 'query', name: 'dryRun', description: 'Lists what would be done', schema: { type: 'boolean' } },
  Others: {
    in: 'query',
    name: 'others',
    description: 'What becomes of objects that the file does not have',
    schema: { type: 'string', enum: ['keep', 'remove'] },
  },
} as const satisfies Readonly<Record<string, Json>>;

type ParameterName = keyof typeof parameters;

export function describeParameters(): Json {
  return parameters;
}

const refusals: Readonly<Record<string, string>> = {
  400: 'A parameter or header is wrong',
  401: 'Credentials are missing or wrong',
  403: 'The user may not do this',
  404: 'There is no such object',
  409: 'The object is another by now, or in use',
  415: 'The body is not JSON',
  422: 'A field is wrong; the answer names it, its value and what is allowed',
  428: 'The update does not say what it has seen',
  503: 'The configuration cannot be read or written now, or the outcome is not known',
};

/** The shared refusals, by the names `E400` and so on. */
export function describeAnswers(): Json {
  const schema = { $ref: '#/components/schemas/Error' };
  const entries = Object.entries(refusals).map(([status, description]) => [
    `E${status}`,
    { description, content: { 'application/json': { schema } } },
  ]);
  return Object.fromEntries(entries);
}

/** What is not a collection of objects. */
export function otherOperations(services: readonly ServiceDefinition[]): readonly Operation[] {
  return [
    ...clusterOperations,
    ...runOperations,
    ...scheduleOperations,
    ...notificationOperations,
    ...processFlowOperations,
    ...services.flatMap(serviceOperations),
  ];
}

const schemaOf = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const object: Json = { type: 'object' };

const clusterOperations: readonly Operation[] = [
  get(managementPaths.summary, 'getSummary', 'cluster', 'Cluster, node and the paths there are'),
  get(managementPaths.cluster, 'getCluster', 'cluster', 'State, revision, digest, nodes and versions'),
  get(managementPaths.node, 'getNode', 'cluster', 'The answering node with its databases'),
  get(managementPaths.nodes, 'listNodes', 'cluster', 'Every node and how far it lags', { answer: 'list' }),
  get(managementPaths.kinds, 'listKinds', 'cluster', 'Every kind with its schema', { answer: 'list' }),
  get(
    managementPaths.auditLog,
    'listAuditLog',
    'audit-log',
    'Who changed what, who was let in and who was refused; newest first',
    {
      parameters: ['User', 'Kind', 'ObjectName', 'From', 'To', 'Before', 'Limit'],
      schema: schemaOf('AuditEntry'),
      answer: 'list',
      text: { 'text/csv': { schema: string } },
    },
  ),
  get(managementPaths.configuration, 'exportConfiguration', 'configuration', 'The whole configuration as one file', {
    parameters: ['Passphrase'],
    schema: schemaOf('ConfigurationFile'),
  }),
  {
    method: 'post',
    path: managementPaths.configurationImport,
    id: 'importConfiguration',
    tag: 'configuration',
    summary: 'Brings the objects of a file into the configuration, or lists what that would do',
    parameters: ['Passphrase', 'DryRun', 'Others', 'Reason'],
    body: schemaOf('ConfigurationFile'),
    schema: schemaOf('ImportStep'),
    answer: 'list',
  },
  {
    method: 'put',
    path: `${managementPaths.users}/{name}/password`,
    id: 'setUserPassword',
    tag: 'users',
    summary: 'Changes a password; users may change their own',
    parameters: ['IfMatch'],
    body: { type: 'object', properties: { password: string }, required: ['password'] },
    answer: 'nothing',
  },
  get(managementPaths.services, 'listServices', 'services', 'Every service', { answer: 'list' }),
];

const runs = { path: managementPaths.runs, tag: 'runs', schema: object } as const;
const run = { ...runs, path: `${managementPaths.runs}/{name}` } as const;

/** Runs of jobs, and what a designer of dataflows needs. */
const runOperations: readonly Operation[] = [
  get(runs.path, 'listRuns', 'runs', 'Runs of jobs, newest first', { parameters: ['Limit'], answer: 'list' }),
  get(run.path, 'getRun', 'runs', 'One run with its stages'),
  get(`${run.path}/report`, 'getRunReport', 'runs', 'One run with what it worked with', {
    parameters: ['Format'],
    text: { 'text/html': { schema: string } },
  }),
  { ...runs, method: 'post', id: 'submitRun', summary: 'Asks for a run of a job', body: object, answer: 'accepted' },
  ...runCommands.map(
    (command): Operation => ({
      ...run,
      method: 'post',
      path: `${run.path}/${command}`,
      id: `${command}Run`,
      summary: `Asks a run to ${command}`,
      answer: 'accepted',
    }),
  ),
  get(managementPaths.stages, 'listStages', 'dataflows', 'Every type of stage', { answer: 'list' }),
  {
    ...runs,
    method: 'post',
    path: managementPaths.dataflowCheck,
    id: 'checkDataflow',
    tag: 'dataflows',
    summary: 'Everything wrong with a dataflow',
    body: object,
  },
  {
    ...runs,
    method: 'post',
    path: managementPaths.dataflowImport,
    id: 'importDataflow',
    tag: 'dataflows',
    summary: 'Saves a .df file, sent as application/xml, as a new version; tells what is not understood of it',
  },
  get(`${managementPaths.dataflows}/{name}/export`, 'exportDataflow', 'dataflows', 'The latest version as a .df file', {
    text: { 'application/xml': { schema: string } },
  }),
  ...(
    [
      ['expose', 'exposeDataflow', 'Lets callers and jobs use a version, the newest when none is named'],
      ['unexpose', 'unexposeDataflow', 'Takes the dataflow from its callers'],
      ['sample', 'sampleDataflow', 'Tries a service on a few rows, exposed or not'],
    ] as const
  ).map(
    ([action, id, summary]): Operation => ({
      ...runs,
      method: 'post',
      path: `${managementPaths.dataflows}/{name}/${action}`,
      id,
      tag: 'dataflows',
      summary,
      body: object,
      schema: object,
    }),
  ),
];

const schedule = { path: `${managementPaths.schedules}/{name}`, tag: 'schedules', schema: object } as const;

const scheduleOperations: readonly Operation[] = [
  get(
    `${schedule.path}/fires`,
    'listFires',
    'schedules',
    'The next times of a schedule, and what became of those before',
    {
      parameters: ['Limit'],
    },
  ),
  {
    ...schedule,
    method: 'post',
    path: `${schedule.path}/run`,
    id: 'runSchedule',
    summary: 'Starts the flow of a schedule now',
    parameters: ['IdempotencyKey'],
    answer: 'accepted',
  },
];

const notificationOperations: readonly Operation[] = [
  {
    method: 'post',
    path: managementPaths.notificationTest,
    id: 'testNotification',
    tag: 'notifications',
    summary: 'Sends a mail to `recipients` by the mail server of the configuration, now',
    body: object,
    schema: object,
  },
];

const flowRuns = { path: managementPaths.processFlowRuns, tag: 'process-flow-runs', schema: object } as const;
const flowRun = { ...flowRuns, path: `${flowRuns.path}/{name}` } as const;

const processFlowOperations: readonly Operation[] = [
  get(flowRuns.path, 'listProcessFlowRuns', flowRuns.tag, 'Runs of process flows, newest first', {
    parameters: ['Limit'],
    answer: 'list',
  }),
  get(flowRun.path, 'getProcessFlowRun', flowRuns.tag, 'One run with its activities'),
  {
    ...flowRuns,
    method: 'post',
    id: 'submitProcessFlowRun',
    summary: 'Asks for a run of a process flow',
    parameters: ['IdempotencyKey'],
    body: object,
    answer: 'accepted',
  },
  {
    ...flowRun,
    method: 'post',
    path: `${flowRun.path}/cancel`,
    id: 'cancelProcessFlowRun',
    summary: 'Asks a run to cancel',
    answer: 'accepted',
  },
  get(managementPaths.processFlowSchema, 'getProcessFlowSchema', 'process-flows', 'JSON Schema of the document'),
  {
    ...flowRuns,
    method: 'post',
    path: managementPaths.processFlowCheck,
    id: 'checkProcessFlow',
    tag: 'process-flows',
    summary: 'Everything wrong with a process flow',
    body: object,
  },
];

function serviceOperations({ name }: ServiceDefinition): readonly Operation[] {
  const [path, tag] = [`${managementPaths.services}/${name}`, 'services'];
  const defaults = { path: `${path}/defaults`, tag, schema: object } as const;
  const parameters = ['IfMatch', 'IfNoneMatch', 'IdempotencyKey', 'Reason'] as const;
  return [
    get(path, `describe${name}`, tag, `Fields, options and defaults of ${name}`),
    get(defaults.path, `get${name}Defaults`, tag, `Saved defaults of ${name}`),
    {
      ...defaults,
      method: 'put',
      id: `put${name}Defaults`,
      summary: `Saves defaults of ${name}`,
      parameters,
      body: object,
      answer: 'saved',
    },
    {
      ...defaults,
      method: 'delete',
      id: `delete${name}Defaults`,
      summary: `Forgets defaults of ${name}`,
      parameters,
      answer: 'nothing',
    },
    {
      method: 'post',
      path: `${path}/preview`,
      id: `preview${name}`,
      tag,
      summary: `Tries ${name} on a few rows`,
      body: object,
      schema: object,
    },
  ];
}

function get(path: string, id: string, tag: string, summary: string, more: Partial<Operation> = {}): Operation {
  return { method: 'get', path, id, tag, summary, schema: object, ...more };
}
