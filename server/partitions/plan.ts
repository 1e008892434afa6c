import { createHash } from 'node:crypto';
import type { JobPlan } from '../../contract/jobs.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { checkValue, type Field } from '../foundation/schema.ts';
import { formatLocation, type Location, type ObjectStore, readText } from '../object-store/index.ts';

/** A plan as it lies there, with the digest that ties results to it. */
export interface StoredPlan {
  readonly plan: JobPlan;
  /** Lower-case hexadecimal SHA-256 of the plan's text. */
  readonly digest: string;
}

const planLimitBytes = 2 ** 20;

const name = { type: 'text', maximum: 64, minimum: 1, pattern: /^(?!\.+$)[\w.-]+$/ } as const;
const location = { type: 'text', maximum: 1_024, minimum: 1, description: 'A path or s3://<bucket>/<key>' } as const;
const vintage = {
  type: 'text',
  maximum: 129,
  pattern: /^(?!\.+\/)[\w.-]{1,64}\/(?!\.+$)[\w.-]{1,64}$/,
  allowed: '<database>/<vintage>',
  description: 'Vintage below the folder of reference data',
} as const;

const schema: Field = {
  type: 'record',
  description: 'What a run does to which rows',
  fields: {
    format: { absent: 'required', field: { type: 'integer', minimum: 1, maximum: 1, description: 'Of this plan' } },
    run: {
      absent: 'required',
      field: { ...name, allowed: 'letters, digits, . _ and -', description: 'Name of the run' },
    },
    step: {
      absent: 'required',
      field: {
        type: 'record',
        description: 'What is done to each row',
        fields: {
          kind: { absent: 'required', field: { type: 'choice', values: ['service'], description: 'Kind of step' } },
          service: { absent: 'required', field: { ...name, description: 'Published name of a service' } },
          options: {
            absent: { default: {} },
            field: {
              type: 'map',
              maximum: 200,
              of: { type: 'text', maximum: 4_096, description: 'As a caller sends it' },
              description: 'Options of the service',
            },
          },
        },
      },
    },
    input: {
      absent: 'required',
      field: {
        type: 'record',
        description: 'Delimited text whose first record names the columns',
        fields: {
          location: { absent: 'required', field: location },
          delimiter: {
            absent: { default: ',' },
            field: { type: 'choice', values: [',', '\t', '|', ';'], description: 'Between two values' },
          },
        },
      },
    },
    output: {
      absent: 'required',
      field: {
        type: 'record',
        description: 'Where results go',
        fields: { location: { absent: 'required', field: location } },
      },
    },
    rowsPerPartition: {
      absent: { default: 1_000_000 },
      field: { type: 'integer', minimum: 1, maximum: 1_000_000_000, description: 'Rows of a partition' },
    },
    databases: {
      absent: { default: {} },
      field: { type: 'map', maximum: 100, of: vintage, description: 'Vintages by database resource' },
    },
  },
};

/** Reads a plan and completes it with the defaults; throws `INVALID_SETTING` naming every field that is wrong. */
export async function readPlan(store: ObjectStore, at: Location): Promise<StoredPlan> {
  const text = await readText(store, at, planLimitBytes);
  if (text === undefined) throw refuse(at, 'it is not there');
  const { value, issues } = checkValue(schema, parse(text, at), undefined, '');
  if (issues.length > 0) throw refuse(at, issues.map(({ path, problem }) => `${path} ${problem}`).join('; '));
  return { plan: value as JobPlan, digest: createHash('sha256').update(text).digest('hex') };
}

function parse(text: string, at: Location): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(at, 'it is not JSON');
  }
}

function refuse(at: Location, reason: string): SpectrumError {
  return new SpectrumError('INVALID_SETTING', `plan ${formatLocation(at)}: ${reason}`);
}
