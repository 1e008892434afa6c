import type { Field } from './schema.ts';

/** A field as JSON Schema 2020-12, for OpenAPI and for forms; hidden fields are marked `writeOnly`. */
export function toJsonSchema(field: Field): Readonly<Record<string, unknown>> {
  const { description } = field;
  switch (field.type) {
    case 'text':
      return {
        type: 'string',
        description,
        minLength: field.minimum ?? 0,
        maxLength: field.maximum,
        ...(field.pattern && { pattern: field.pattern.source }),
        ...(field.visibility === 'hidden' && { writeOnly: true }),
        ...(field.refersTo && { 'x-refers-to': field.refersTo }),
      };
    case 'choice':
      return { type: 'string', description, enum: field.values };
    case 'integer':
      return { type: 'integer', description, minimum: field.minimum, maximum: field.maximum };
    case 'flag':
      return { type: 'boolean', description };
    case 'list':
      return { type: 'array', description, maxItems: field.maximum, items: toJsonSchema(field.of) };
    case 'map':
      return {
        type: 'object',
        description,
        maxProperties: field.maximum,
        additionalProperties: toJsonSchema(field.of),
      };
    case 'record': {
      const members = Object.entries(field.fields);
      const properties = members.map(([name, { field: member, absent }]) => {
        // What is stored is made from what is sent, which has rules of its own.
        if (sentAs(member) !== undefined)
          return [
            sentAs(member),
            { type: 'string', description: 'Sent only; what is stored is made from it', writeOnly: true },
          ] as const;
        const preset = typeof absent === 'object' ? { default: absent.default } : {};
        return [name, { ...toJsonSchema(member), ...preset }] as const;
      });
      const required = members
        .filter(([, { field: member, absent }]) => absent === 'required' && sentAs(member) === undefined)
        .map(([name]) => name);
      return { type: 'object', description, properties: Object.fromEntries(properties), required };
    }
    case 'document':
      return { description };
  }
}

function sentAs(field: Field): string | undefined {
  return field.type === 'text' ? field.sentAs : undefined;
}
