import type { ServiceDefinition } from '../../server/services/index.ts';
import { childrenOf, parseXmlTree, type XmlNode } from './xml-tree.ts';

/** One call of a service, whatever it travels in. */
export interface Call {
  readonly rows: readonly CallRow[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface CallRow {
  readonly fields: Readonly<Record<string, string>>;
  readonly userFields?: Readonly<Record<string, string>>;
}

/** What came back: each row's fields in their order, and its user fields. */
export interface CallAnswer {
  readonly status: number;
  readonly rows: readonly AnswerRow[];
  /** The sentence of a refusal. */
  readonly message?: string;
}

interface AnswerRow {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly userFields: readonly (readonly [name: string, value: string])[];
}

interface Target {
  readonly origin: string;
  readonly authorization: string;
}

export interface Interface {
  readonly title: string;
  /** GET takes one record at a time. */
  readonly mostRows: number;
  call(target: Target, service: ServiceDefinition, call: Call): Promise<CallAnswer>;
}

/** Every way to call a service over HTTP. */
export const interfaces: readonly Interface[] = [
  ...(['json', 'xml'] as const).map(
    (format): Interface => ({
      title: `REST GET ${format}`,
      mostRows: 1,
      call: (target, service, call) =>
        send(target, `/rest/${service.name}/results.${format}?${toQuery(call)}`, undefined),
    }),
  ),
  ...(['json', 'xml'] as const).flatMap((sent) =>
    (['json', 'xml'] as const).map(
      (format): Interface => ({
        title: `REST POST ${sent}, answered in ${format}`,
        mostRows: Number.POSITIVE_INFINITY,
        call: (target, service, call) =>
          send(target, `/rest/${service.name}/results.${format}`, {
            type: `application/${sent}`,
            text: sent === 'json' ? toJson(service, call) : toXml(service, call),
          }),
      }),
    ),
  ),
  ...[
    { version: '1.1', namespace: 'http://schemas.xmlsoap.org/soap/envelope/', type: 'text/xml; charset=utf-8' },
    { version: '1.2', namespace: 'http://www.w3.org/2003/05/soap-envelope', type: 'application/soap+xml' },
  ].map(
    ({ version, namespace, type }): Interface => ({
      title: `SOAP ${version}`,
      mostRows: Number.POSITIVE_INFINITY,
      call: (target, service, call) =>
        send(target, `/soap/${service.name}`, {
          type,
          text: `<s:Envelope xmlns:s="${namespace}"><s:Body>${toXml(service, call)}</s:Body></s:Envelope>`,
        }),
    }),
  ),
];

interface Body {
  readonly type: string;
  readonly text: string;
}

async function send({ origin, authorization }: Target, path: string, body: Body | undefined): Promise<CallAnswer> {
  const response = await fetch(origin + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': body.type }) },
    ...(body === undefined ? {} : { body: body.text }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, ...(isJson ? readJson(text) : readXml(text)) };
}

function toQuery({ rows, options }: Call): string {
  const [row] = rows;
  const fields = Object.entries({ ...row?.fields, ...row?.userFields }).map(([name, value]) => [`Data.${name}`, value]);
  const choices = Object.entries(options ?? {}).map(([name, value]) => [`Option.${name}`, value]);
  return new URLSearchParams([...fields, ...choices] as [string, string][]).toString();
}

function toJson({ input }: ServiceDefinition, { rows, options = {} }: Call): string {
  const sent = rows.map(({ fields, userFields = {} }) => ({
    ...fields,
    user_fields: Object.entries(userFields).map(([name, value]) => ({ name, value })),
  }));
  return JSON.stringify({ options, [input.port]: { [input.row]: sent } });
}

function toXml({ name, input }: ServiceDefinition, { rows, options = {} }: Call): string {
  const sent = rows.map(({ fields, userFields = {} }) => {
    const extra = Object.entries(userFields).map(([field, value]) =>
      element('user_field', element('name', escapeXml(field)) + element('value', escapeXml(value))),
    );
    return element(input.row, toElements(fields) + (extra.length === 0 ? '' : element('user_fields', extra.join(''))));
  });
  const content = element('options', toElements(options)) + element(input.port, sent.join(''));
  return `<q:${name}Request xmlns:q="http://www.pb.com/spectrum/services/${name}">${content}</q:${name}Request>`;
}

function toElements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => element(name, escapeXml(value)))
    .join('');
}

function element(name: string, content: string): string {
  return `<q:${name}>${content}</q:${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface JsonRow {
  readonly user_fields: readonly { readonly name: string; readonly value: string }[];
}

function readJson(text: string): Omit<CallAnswer, 'status'> {
  const body = JSON.parse(text) as Record<string, unknown>;
  if (typeof body.message === 'string') return { rows: [], message: body.message };
  const [rows] = Object.values(body) as [JsonRow[]];
  return {
    rows: rows.map(({ user_fields, ...fields }) => ({
      fields: Object.entries(fields).map(([name, value]) => [name, toText(value)] as const),
      userFields: user_fields.map(({ name, value }) => [name, value] as const),
    })),
  };
}

/** The rows of a list as text, alike for both formats; an empty list is empty text in XML. */
function toText(value: unknown): string {
  if (!Array.isArray(value)) return value as string;
  return value.length === 0 ? '' : JSON.stringify(value.map((row: object) => Object.entries(row)));
}

function readXml(text: string): Omit<CallAnswer, 'status'> {
  const root = parseXmlTree(text);
  const response = root.name === 'Envelope' ? childrenOf(childrenOf(root, 'Body')[0])[0] : root;
  if (response?.name === 'Fault' || response?.name === 'error') return { rows: [], message: readMessage(response) };
  const [port] = childrenOf(response);
  return { rows: childrenOf(port).map(readRow) };
}

function readMessage(node: XmlNode): string {
  if (node.name === 'message') return node.text;
  return node.children.map(readMessage).find((message) => message !== '') ?? '';
}

function readRow(row: XmlNode): AnswerRow {
  const [userFields] = childrenOf(row, 'user_fields');
  return {
    fields: childrenOf(row)
      .filter(({ name }) => name !== 'user_fields')
      .map(({ name, text, children }) => [name, children.length === 0 ? text : readList(children)] as const),
    userFields: childrenOf(userFields).map((entry) => {
      const [name, value] = ['name', 'value'].map((part) => childrenOf(entry, part)[0]?.text ?? '');
      return [name as string, value as string] as const;
    }),
  };
}

function readList(rows: readonly XmlNode[]): string {
  return JSON.stringify(rows.map((row) => row.children.map(({ name, text }) => [name, text])));
}
