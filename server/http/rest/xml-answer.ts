import type { ServiceDefinition } from '../../services/index.ts';
import type { UserField } from './call.ts';
import type { AnswerWriter } from './json-answer.ts';

/** Namespace of a service's requests and answers (rest-soap-conventions sections 3 and 4.2). */
export function serviceNamespace(service: string): string {
  return `http://www.pb.com/spectrum/services/${service}`;
}

const xmlHeader = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** Derives the XML writer of a service: all elements qualified, dots kept in names, `user_fields` last. */
export function createXmlWriter(definition: ServiceDefinition): AnswerWriter {
  const { port, row: rowName, fields } = definition.output;
  const names = fields.map(({ name }) => name);
  const root = `ns2:xml.${definition.name}Response`;
  const opening = `${xmlHeader}<${root} xmlns:ns2="${serviceNamespace(definition.name)}"><ns2:${port}>`;
  const closing = `</ns2:${port}></${root}>`;
  const omitsEmpty = definition.emptyValues === 'omit';

  return (answer, userFields) => {
    let text = opening;
    for (let input = 0; input < answer.length; input++) {
      const tail = formatUserFields(userFields[input] ?? []);
      for (const row of answer[input] ?? []) {
        text += `<ns2:${rowName}>`;
        for (const name of names) {
          const value = row[name];
          if (value === undefined || (omitsEmpty && value === '')) continue;
          text += `<ns2:${name}>${escapeXml(value)}</ns2:${name}>`;
        }
        text += `${tail}</ns2:${rowName}>`;
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

function formatUserFields(userFields: readonly UserField[]): string {
  if (userFields.length === 0) return '<ns2:user_fields/>';
  const entries = userFields.map(
    ({ name, value }) =>
      `<ns2:user_field><ns2:name>${escapeXml(name)}</ns2:name><ns2:value>${escapeXml(value)}</ns2:value></ns2:user_field>`,
  );
  return `<ns2:user_fields>${entries.join('')}</ns2:user_fields>`;
}
