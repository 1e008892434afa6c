import {
  choice,
  document,
  flag,
  integer,
  list,
  map,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../foundation/fields.ts';
import { checkValue } from '../foundation/schema.ts';
import type { Problem } from './problem.ts';

/** What a dataflow is for: a job runs on files, a service answers requests, a subflow is a stage of others. */
const dataflowTypes = ['job', 'service', 'subflow'] as const;

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const stage = record('A stage', {
  id: required(name('Names the stage within its dataflow')),
  type: required(name('Stage type, such as ReadFromFile')),
  label: optional(text('Name on the canvas, and in overrides of files; the id when absent', { maximum: 200 })),
  settings: preset(document('Settings of the stage type'), {}),
  instances: preset(integer('Runtime instances: threads that share the rows of the stage', 1, 64), 1),
  notUnderstood: optional(list('What an import did not understand of it; the stage cannot run', text('A sentence'))),
});

const channelEnd = record('One end of a channel', {
  stage: required(name('Id of the stage')),
  port: required(name('Port of the stage')),
});

const channel = record('A channel joins one output port to one input port', {
  from: required(channelEnd),
  to: required(channelEnd),
});

const option = record('A dataflow option: a setting of a stage that callers may choose', {
  name: required(name('Name in Option.<name>, and in overrides of a run')),
  description: preset(text('What it does'), ''),
  mappings: required(
    list(
      'The settings it sets',
      record('One setting', {
        stage: required(name('Id of the stage')),
        setting: required(name('Name of the setting; parts of a path are joined by dots')),
      }),
      50,
    ),
  ),
  default: optional(document('Value when a caller gives none; the setting of the stage when absent')),
  allowed: optional(list('The values that may be given; any when absent', text('A value'), 1_000)),
});

const malformed = record('What happens to records that cannot be read', {
  stopAt: preset(integer('The run fails at this many malformed records; 0 for never', 0, 1_000_000_000), 1),
});

const resource = record('One more URL of a service', {
  method: preset(choice('Method', ['GET', 'POST']), 'GET'),
  format: preset(choice('Format of the answer', ['json', 'xml', 'geojson']), 'json'),
  qualifier: required(
    text('Last part of the path, such as results.geojson', {
      minimum: 1,
      maximum: 100,
      pattern: /^[\w.-]+$/,
      allowed: 'letters, digits, . _ and -',
    }),
  ),
});

const variables = ['Data.Field', 'Option.Name'].map((name) => `\${${name}}`).join(' and ');

const exposure = record('How callers reach a service', {
  rest: preset(flag('Offered by REST'), true),
  soap: preset(flag('Offered by SOAP'), true),
  path: preset(
    text(`REST: what stands between the name and the last part; ${variables} are values`, {
      maximum: 500,
      pattern: /^(?:(?:[\w.~-]|\$\{(?:Data|Option)\.[^{}/]+\})+(?:\/(?!$)|$))*$/,
      allowed: `parts of letters, digits, . _ ~ - and ${variables}, parted by /`,
    }),
    '',
  ),
  resources: preset(list('REST: more URLs than results.json and results.xml', resource, 50), []),
});

/** The stored form of a dataflow; its JSON Schema is derived from it. */
const dataflowSchema = record('A dataflow', {
  description: preset(text('What the dataflow is for'), ''),
  type: required(choice('What the dataflow is for', dataflowTypes)),
  stages: required(list('Stages', stage, 1_000)),
  channels: preset(list('Channels', channel, 5_000), []),
  options: preset(list('Dataflow options', option, 500), []),
  malformed: preset(malformed, { stopAt: 1 }),
  exposure: optional(exposure),
  layout: optional(map('Where stages stand on the canvas', document('Position'), 1_000)),
  source: optional(document('What an import keeps verbatim for the export')),
});

/** A dataflow as it is stored, every default filled in. */
export type DataflowDocument = ValueOf<typeof dataflowSchema>;
export type StageDocument = DataflowDocument['stages'][number];
export type ChannelDocument = DataflowDocument['channels'][number];

/** The document behind a JSON value, or what is wrong with it. */
export function parseDataflow(value: unknown): {
  readonly document?: DataflowDocument;
  readonly problems: readonly Problem[];
} {
  const checked = checkValue(dataflowSchema, value, undefined, '');
  const problems = checked.issues.map(({ path, problem }) => ({
    sentence: `${path || 'the dataflow'}: ${problem}`,
    ...(path && { setting: path }),
  }));
  return problems.length > 0 ? { problems } : { document: checked.value as DataflowDocument, problems };
}
