import type { ServiceDefinition } from '../../services/index.ts';
import type { UserField } from './call.ts';
import { FieldOrder } from './field-order.ts';
import type { AnswerWriter } from './json-answer.ts';
import { createFormats, type FormatTarget } from './value-format.ts';

/** Namespace of a service's requests and answers (rest-soap-conventions sections 3 and 4.2). */
export function serviceNamespace(service: string): string {
  return `http://www.pb.com/spectrum/services/${service}`;
}

export const xmlHeader = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** What stands around the rows of an answer, and the prefix of the service's namespace in it. */
export interface AnswerFrame {
  readonly prefix: string;
  readonly opening: string;
  readonly closing: string;
}

/** Derives the XML writer of a service's REST answers. */
export function createXmlWriter(definition: ServiceDefinition): AnswerWriter {
  const root = `ns2:xml.${definition.name}Response`;
  return createRowsWriter(definition, {
    prefix: 'ns2',
    opening: `${xmlHeader}<${root} xmlns:ns2="${serviceNamespace(definition.name)}">`,
    closing: `</${root}>`,
  });
}

/** Derives the writer of a service's rows: all elements qualified, dots kept in names, `user_fields` last. */
export function createRowsWriter(definition: ServiceDefinition, frame: AnswerFrame): AnswerWriter {
  const { port, row: rowName, fields } = definition.output;
  const { prefix } = frame;
  const names = fields.map(({ name }) => name);
  const openings = names.map((name) => `<${prefix}:${name}>`);
  const closings = names.map((name) => `</${prefix}:${name}>`);
  const formats = createFormats(fields, createXmlTarget(prefix));
  const opening = `${frame.opening}<${prefix}:${port}>`;
  const closing = `</${prefix}:${port}>${frame.closing}`;
  const rowOpening = `<${prefix}:${rowName}>`;
  const rowClosing = `</${prefix}:${rowName}>`;
  const order = new FieldOrder(names, definition.emptyValues);

  return (answer, userFields) => {
    let text = opening;
    for (let input = 0; input < answer.length; input++) {
      const tail = formatUserFields(prefix, userFields[input] ?? []) + rowClosing;
      for (const row of answer[input] ?? []) {
        text += rowOpening;
        const count = order.sort(row);
        for (let index = 0; index < count; index++) {
          const field = order.present[index] as number;
          const content = (formats[field] ?? escapeXml)(row[names[field] as string] as string);
          if (content !== undefined) text += `${openings[field]}${content}${closings[field]}`;
        }
        text += tail;
      }
    }
    return text + closing;
  };
}

/** Text as element content or quoted attribute. What XML 1.0 cannot carry at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return needsEscape.test(text) ? text.replace(everyEscape, replaceCharacter) : text;
}

function replaceCharacter(character: string): string {
  return entities[character] ?? '\ufffd';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escapable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 section 2.2 excludes exactly these
  /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const needsEscape = escapable;
const everyEscape = new RegExp(escapable.source, 'g');

function createXmlTarget(prefix: string): FormatTarget {
  const element = (name: string, content: string) => `<${prefix}:${name}>${content}</${prefix}:${name}>`;
  const target: FormatTarget = {
    text: escapeXml,
    geometry: escapeXml,
    list({ row: rowName, fields }, rows) {
      const formats = createFormats(fields, target);
      return rows
        .map((row) => {
          const members = fields.map(({ name }, index) => {
            const value = row[name];
            const content = value === undefined ? undefined : (formats[index] ?? escapeXml)(value);
            return content === undefined ? '' : element(name, content);
          });
          return element(rowName, members.join(''));
        })
        .join('');
    },
  };
  return target;
}

function formatUserFields(prefix: string, userFields: readonly UserField[]): string {
  if (userFields.length === 0) return `<${prefix}:user_fields/>`;
  const element = (name: string, content: string) => `<${prefix}:${name}>${content}</${prefix}:${name}>`;
  const entries = userFields.map(({ name, value }) =>
    element('user_field', element('name', escapeXml(name)) + element('value', escapeXml(value))),
  );
  return element('user_fields', entries.join(''));
}
