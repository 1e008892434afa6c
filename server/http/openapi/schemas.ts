import type {
  FieldDefinition,
  OptionTable,
  PortDefinition,
  ServiceDefinition,
  ValueType,
} from '../../services/index.ts';
import { serviceNamespace } from '../rest/xml-answer.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Bodies are described once for each format: JSON needs nothing but names, XML the namespace of every element. */
export type Format = 'json' | 'xml';

/** What a format adds to the schemas, and to their names. */
interface Notation {
  readonly suffix: '' | 'Xml';
  /** A value, as the element `name`, or as one named like the property that holds it. */
  element(schema: Json, name?: string): Json;
  /** Rows inside a field: an array in JSON, in XML an element around elements called `itemName`. */
  list(items: Json, itemName: string): Json;
}

/** Names of the schemas of a service's request and answer. */
export function requestSchema({ name }: ServiceDefinition, format: Format): Json {
  return reference(`${name}Request${suffixes[format]}`);
}

export function answerSchema({ name }: ServiceDefinition, format: Format): Json {
  return reference(`${name}Answer${suffixes[format]}`);
}

const suffixes = { json: '', xml: 'Xml' } as const;

/** The schemas of a service in both formats, by their names. */
export function describeSchemas(service: ServiceDefinition): Json {
  return { ...describeIn(jsonNotation, service), ...describeIn(createXmlNotation(service.name), service) };
}

function describeIn(notation: Notation, { name, input, output, options }: ServiceDefinition): Json {
  const { suffix, element } = notation;
  const named = (schema: string) => `${name}${schema}${suffix}`;
  const rowsOf = (port: PortDefinition, schema: string, required?: readonly string[]) =>
    element(objectSchema({ [port.row]: arrayOf(reference(named(schema))) }, required));
  // In JSON an answer's rows stand in its port at once. There may be none: a typed address without candidates has no row.
  const results = suffix === '' ? arrayOf(reference(named('Result'))) : rowsOf(output, 'Result');
  return {
    [named('Request')]: element(
      objectSchema({ options: reference(named('Options')), [input.port]: rowsOf(input, 'Row', [input.row]) }),
      `${name}Request`,
    ),
    [named('Options')]: element(objectSchema(describeOptions(options, notation)), 'options'),
    [named('Row')]: element(rowSchema(input, notation), input.row),
    [named('Answer')]: element(objectSchema({ [output.port]: results }, [output.port]), `xml.${name}Response`),
    [named('Result')]: element({ ...rowSchema(output, notation), required: ['user_fields'] }, output.row),
  };
}

const jsonNotation: Notation = { suffix: '', element: (schema) => schema, list: (items) => arrayOf(items) };

function createXmlNotation(service: string): Notation {
  const qualified = { namespace: serviceNamespace(service), prefix: 'svc' };
  const element: Notation['element'] = (schema, name) => ({
    ...schema,
    xml: name === undefined ? qualified : { name, ...qualified },
  });
  return {
    suffix: 'Xml',
    element,
    list: (items, itemName) => ({ ...arrayOf(element(items, itemName)), xml: { ...qualified, wrapped: true } }),
  };
}

function rowSchema({ fields }: PortDefinition, notation: Notation): Json {
  const { suffix, element, list } = notation;
  const userField =
    suffix === ''
      ? reference('UserField')
      : objectSchema({ name: element({ type: 'string' }), value: element({ type: 'string' }) }, ['name', 'value']);
  return objectSchema({ ...describeFields(fields, notation), user_fields: list(userField, 'user_field') });
}

function describeFields(fields: readonly FieldDefinition[], notation: Notation): Json {
  const { element, list: listOf } = notation;
  const entries = fields.map(({ name, description, type, list }) => {
    if (list !== undefined) {
      return [name, { ...listOf(objectSchema(describeFields(list.fields, notation)), list.row), description }];
    }
    return [name, element({ ...valueSchema(type, notation), description })];
  });
  return Object.fromEntries(entries);
}

/** XML carries a geometry as text. */
function valueSchema(type: ValueType | undefined, { suffix }: Notation): Json {
  return type === undefined || (type === 'geometry' && suffix === 'Xml') ? { type: 'string' } : jsonTypes[type];
}

const jsonTypes: Readonly<Record<ValueType, Json>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number' },
  bigdecimal: { type: 'number' },
  date: { type: 'string', format: 'date' },
  time: { type: 'string' },
  datetime: { type: 'string' },
  geometry: { type: 'object' },
};

/**
 * The default stands in the words: forms fill in a `default`, and a filled-in option counts before the one that is saved
 * for the service.
 */
export function describeOptions(
  options: OptionTable,
  { element }: Pick<Notation, 'element'> = jsonNotation,
): Readonly<Record<string, Json>> {
  const entries = Object.entries(options).map(([name, { description, allowed, defaultText, values }]) => {
    const choice = values === undefined ? ` Allowed: ${allowed}.` : '';
    const schema = {
      type: 'string',
      description: `${description}${choice} Default: ${defaultText || 'empty'}.`,
      ...(values === undefined ? {} : { enum: values }),
    };
    return [name, element(schema)];
  });
  return Object.fromEntries(entries);
}

export function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

export function objectSchema(properties: Json, required?: readonly string[]): Json {
  return { type: 'object', properties, ...(required === undefined ? {} : { required }) };
}

function arrayOf(items: Json): Json {
  return { type: 'array', items };
}
