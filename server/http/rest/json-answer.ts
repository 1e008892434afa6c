import type { ServiceAnswer, ServiceDefinition } from '../../services/index.ts';
import type { UserField } from './call.ts';
import { FieldOrder } from './field-order.ts';
import { createFormats, type FormatTarget } from './value-format.ts';

/** Writes the answer of one call; `userFields[i]` belongs to input row `i`. */
export type AnswerWriter = (answer: ServiceAnswer, userFields: readonly (readonly UserField[])[]) => string;

/**
 * Derives the JSON writer of a service: the default pretty style of Jackson, to the byte (rest-soap-conventions
 * section 4.1). The text around the values is made once; `JSON.stringify` would cost several times the validation.
 */
export function createJsonWriter(definition: ServiceDefinition): AnswerWriter {
  const { port, fields } = definition.output;
  const names = fields.map(({ name }) => name);
  const openings = names.map((name) => `    ${JSON.stringify(name)} : "`);
  const bareOpenings = names.map((name) => `    ${JSON.stringify(name)} : `);
  const formats = createFormats(fields, jsonTarget);
  const opening = `{\n  ${JSON.stringify(port)} : [ `;
  const order = new FieldOrder(names, definition.emptyValues);

  return (answer, userFields) => {
    let text = opening;
    let separator = '{\n';
    for (let input = 0; input < answer.length; input++) {
      const tail = formatUserFields(userFields[input] ?? []);
      for (const row of answer[input] ?? []) {
        text += separator;
        separator = ', {\n';
        const count = order.sort(row);
        for (let index = 0; index < count; index++) {
          const field = order.present[index] as number;
          const value = row[names[field] as string] as string;
          const format = formats[field];
          if (format === undefined) {
            text += `${openings[field]}${escapeJson(value)}",\n`;
            continue;
          }
          const formatted = format(value);
          if (formatted !== undefined) text += `${bareOpenings[field]}${formatted},\n`;
        }
        text += tail;
      }
    }
    return `${text}${separator === '{\n' ? '' : ' '}]\n}`;
  };
}

/**
 * The inside of a JSON string. Halves of surrogate pairs become `\uXXXX`, as UTF-8 cannot carry them.
 * The scan is cheaper than `JSON.stringify` for the short clean texts that addresses are made of.
 */
export function escapeJson(text: string): string {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) {
      return JSON.stringify(text).slice(1, -1);
    }
  }
  return text;
}

export const jsonTarget: FormatTarget = {
  text: (value) => `"${escapeJson(value)}"`,
  geometry: (value) => value,
  list({ fields }, rows) {
    if (rows.length === 0) return '[ ]';
    const formats = createFormats(fields, jsonTarget);
    const entries = rows.map((row) => {
      const members = fields.flatMap(({ name }, index) => {
        const value = row[name];
        const formatted = value === undefined ? undefined : (formats[index] ?? jsonTarget.text)(value);
        return formatted === undefined ? [] : [`      ${JSON.stringify(name)} : ${formatted}`];
      });
      return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n    }`;
    });
    return `[ ${entries.join(', ')} ]`;
  },
};

const withoutUserFields = '    "user_fields" : [ ]\n  }';

function formatUserFields(userFields: readonly UserField[]): string {
  if (userFields.length === 0) return withoutUserFields;
  const entries = userFields.map(
    ({ name, value }) => `{\n      "name" : "${escapeJson(name)}",\n      "value" : "${escapeJson(value)}"\n    }`,
  );
  return `    "user_fields" : [ ${entries.join(', ')} ]\n  }`;
}
