import { tmpdir } from 'node:os';
import { readDataflowFile, writeDataflowFile } from '../../server/dataflow-format/index.ts';
import { ExposedDataflows } from '../../server/dataflow-services/index.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { createServiceAccess } from '../../server/jobs/index.ts';
import { type ServiceDefinition, serviceRegistry } from '../../server/services/index.ts';
import { stageTypes } from '../../server/stages/index.ts';
import type { InMemoryConfiguration } from './in-memory-configuration.ts';

interface Document {
  readonly type: string;
  readonly stages: readonly object[];
  readonly channels: readonly object[];
  readonly [member: string]: unknown;
}

/** Services of the dataflows in a configuration, as a node makes them. */
export function exposeDataflows(configuration: InMemoryConfiguration, services: readonly ServiceDefinition[] = []) {
  const access = createServiceAccess({
    services,
    savedOptions: () => ({}),
    databases: () => ({
      database() {
        throw new Error('no database here');
      },
    }),
  });
  const files = { list: refuse, read: refuse, sizeBytes: refuse, create: refuse };
  const resources = { files, services: access, secrets: { resolve: refuse } };
  const dataflows = new ExposedDataflows({
    stageTypes,
    snapshot: () => configuration.snapshot(),
    spillFolder: tmpdir(),
    log: silentLog,
    lend: () => ({ resources, release() {} }),
  });
  const known = { all: new Set(stageTypes.keys()), services: new Set(serviceRegistry.map(({ name }) => name)) };
  return {
    find: (name: string) => dataflows.find(name),
    list: () => dataflows.list(),
    check: (...of: Parameters<ExposedDataflows['check']>) => dataflows.check(...of),
    create: (name: string, document: unknown) => dataflows.create(name, document),
    stages: () => dataflows.stages(),
    readFile: (text: string) => readDataflowFile(text, known),
    writeFile: (name: string, document: unknown, user: string) =>
      writeDataflowFile(name, document, { user, host: 'node-1', at: new Date(0) }, known),
  };
}

function refuse(): never {
  throw new Error('not for services');
}

/** Saves a dataflow with these versions and exposes the last one. */
export async function exposeVersions(
  configuration: InMemoryConfiguration,
  name: string,
  documents: readonly Document[],
): Promise<void> {
  const versions = documents.map((document, index) => ({ number: index + 1, comment: '', document }));
  await configuration.put('dataflow', name, { latest: documents.at(-1), versions, exposedVersion: versions.length });
}

export function channel(from: string, to: string): object {
  const [fromStage = '', fromPort = 'output_port'] = from.split(':');
  const [toStage = '', toPort = 'input_port'] = to.split(':');
  return { from: { stage: fromStage, port: fromPort }, to: { stage: toStage, port: toPort } };
}

/** A field with a type; text when none is named. */
export function field(name: string, type = 'string'): object {
  return { name, type };
}

/** Routes by a number, copies the text into one of two fields, and answers the others with a status. */
export const routedService: Document = {
  type: 'service',
  description: 'Copies a text to the field of its kind.',
  stages: [
    {
      id: 'in',
      label: 'Input',
      type: 'Input',
      settings: { fields: [field('strInput'), field('typeInput', 'integer')] },
    },
    {
      id: 'if_then',
      type: 'ConditionalRouter',
      settings: {
        conditions: [
          { port: 'port', all: [{ field: 'typeInput', operator: 'is equal to', value: '1' }] },
          { port: 'port 2', all: [{ field: 'typeInput', operator: 'is equal to', value: '2' }] },
        ],
        default: 'port 3',
      },
    },
    {
      id: 'one',
      type: 'Transformer',
      settings: { transforms: [{ kind: 'copy', field: 'strInput', to: 'strOutput_1' }] },
    },
    {
      id: 'two',
      type: 'Transformer',
      settings: { transforms: [{ kind: 'copy', field: 'strInput', to: 'strOutput_2' }] },
    },
    {
      id: 'error',
      type: 'Transformer',
      settings: {
        transforms: [{ kind: 'status', status: 'Fail', code: '400', description: 'Invalid value for typeInput' }],
      },
    },
    { id: 'end_if', type: 'StreamCombiner' },
    {
      id: 'out',
      label: 'Output',
      type: 'Output',
      settings: {
        fields: [
          ...['Status', 'Status.Code', 'Status.Description', 'strOutput_1', 'strInput'].map((name) => field(name)),
          field('typeInput', 'integer'),
          field('strOutput_2'),
        ],
      },
    },
  ],
  channels: [
    channel('in', 'if_then'),
    channel('if_then:port', 'one'),
    channel('if_then:port 2', 'two'),
    channel('if_then:port 3', 'error'),
    channel('one', 'end_if:port'),
    channel('two', 'end_if:port 2'),
    channel('error', 'end_if:port 4'),
    channel('end_if', 'out'),
  ],
};

/** Fields of text, an option with a choice, and a transform between: nothing of it fails, whatever a record holds. */
export const plainService: Document = {
  type: 'service',
  description: 'Greets a city & its state.',
  stages: [
    {
      id: 'in',
      label: 'Input',
      type: 'Input',
      settings: { row: 'Place', fields: ['City', 'StateProvince', 'Note'].map((name) => field(name)) },
    },
    {
      id: 'change',
      type: 'Transformer',
      settings: {
        transforms: [
          { kind: 'copy', field: 'City', to: 'Greeting' },
          { kind: 'case', field: 'Greeting', case: 'upper' },
        ],
      },
    },
    {
      id: 'out',
      label: 'Output',
      type: 'Output',
      settings: { row: 'Greeting', fields: ['Greeting', 'City', 'StateProvince', 'Note'].map((name) => field(name)) },
    },
  ],
  channels: [channel('in', 'change'), channel('change', 'out')],
  options: [
    {
      name: 'Greeting.Case',
      description: 'Letters of the greeting.',
      mappings: [{ stage: 'change', setting: 'transforms.1.case' }],
      default: 'upper',
      allowed: ['upper', 'lower'],
    },
  ],
};
