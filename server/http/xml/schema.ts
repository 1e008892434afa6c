import type {
  FieldDefinition,
  ListDefinition,
  PortDefinition,
  ServiceDefinition,
  ValueType,
} from '../../services/index.ts';
import { escapeXml } from '../rest/xml-answer.ts';

/**
 * XML Schema components of a service as its WADL and its WSDL print them: local elements optional and qualified one by
 * one, rows as `xs:all` (rest-soap-conventions sections 7 and 8). `tns` is the prefix of the service's namespace.
 */
export interface SchemaWriter {
  /** The element and type `<Service>Request`, with everything below. */
  request(): string;
  /** Type `<stem>.<Row>` and its list, of the output port. */
  answerRows(stem: string): string;
  /** Type `name`: the output port with its list of rows, and the global element of the same name. */
  answer(name: string, stem: string): string;
  /** Types that requests and answers share. */
  shared(): string;
}

export function createSchemaWriter({ name, input, output, options }: ServiceDefinition, tns: string): SchemaWriter {
  return {
    request() {
      const members = [
        optionalElement('options', `${tns}:options`),
        optionalElement(input.port, `${tns}:${input.port}.${input.row}List`),
      ];
      return [
        globalElement(`${name}Request`, tns),
        complexType(`${name}Request`, 'sequence', members),
        complexType(
          'options',
          'all',
          Object.keys(options).map((option) => optionalElement(option)),
        ),
        rowTypes(input, input.port, tns),
      ].join('\n');
    },
    answerRows: (stem) => rowTypes(output, stem, tns),
    answer(typeName, stem) {
      const members = [optionalElement(output.port, `${tns}:${stem}.${output.row}List`)];
      return [globalElement(typeName, tns), complexType(typeName, 'sequence', members)].join('\n');
    },
    shared() {
      return [
        complexType('user_fields', 'sequence', [repeatedElement('user_field', `${tns}:user_field`)]),
        complexType('user_field', 'all', [optionalElement('name'), optionalElement('value')]),
      ].join('\n');
    },
  };
}

function rowTypes({ row, fields }: PortDefinition, stem: string, tns: string): string {
  const members = fields.map((field) => optionalElement(field.name, typeOf(field, stem, tns)));
  return [
    complexType(`${stem}.${row}List`, 'sequence', [repeatedElement(row, `${tns}:${stem}.${row}`)]),
    complexType(`${stem}.${row}`, 'all', [...members, optionalElement('user_fields', `${tns}:user_fields`)]),
    ...fields.flatMap(({ name, list }) => (list === undefined ? [] : [listTypes(list, `${stem}.${name}`, tns)])),
  ].join('\n');
}

/** Rows inside a field have no user fields. */
function listTypes({ row, fields }: ListDefinition, stem: string, tns: string): string {
  const members = fields.map((field) => optionalElement(field.name, typeOf(field, stem, tns)));
  return [
    complexType(`${stem}.${row}List`, 'sequence', [repeatedElement(row, `${tns}:${stem}.${row}`)]),
    complexType(`${stem}.${row}`, 'all', members),
  ].join('\n');
}

function typeOf({ name, type, list }: FieldDefinition, stem: string, tns: string): string {
  if (list !== undefined) return `${tns}:${stem}.${name}.${list.row}List`;
  return type === undefined ? 'xs:string' : schemaTypes[type];
}

const schemaTypes: Readonly<Record<ValueType, string>> = {
  boolean: 'xs:boolean',
  integer: 'xs:int',
  long: 'xs:long',
  float: 'xs:float',
  double: 'xs:double',
  bigdecimal: 'xs:decimal',
  date: 'xs:date',
  time: 'xs:time',
  datetime: 'xs:dateTime',
  // GeoJSON as text: the types of the geometries' own namespace are not offered.
  geometry: 'xs:string',
};

function globalElement(name: string, tns: string): string {
  return `<xs:element name="${escapeXml(name)}" type="${escapeXml(`${tns}:${name}`)}"/>`;
}

function complexType(name: string, group: 'all' | 'sequence', members: readonly string[]): string {
  return `<xs:complexType name="${escapeXml(name)}"><xs:${group}>${members.join('')}</xs:${group}></xs:complexType>`;
}

function optionalElement(name: string, type = 'xs:string'): string {
  return `<xs:element name="${escapeXml(name)}" type="${escapeXml(type)}" form="qualified" minOccurs="0"/>`;
}

function repeatedElement(name: string, type: string): string {
  return `<xs:element name="${escapeXml(name)}" type="${escapeXml(type)}" form="qualified" minOccurs="0" maxOccurs="unbounded"/>`;
}
