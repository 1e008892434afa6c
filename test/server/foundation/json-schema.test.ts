import { kinds } from '../../../server/configuration/kinds.ts';
import { toJsonSchema } from '../../../server/foundation/json-schema.ts';

test('a schema says what is required, what is preset, what refers and what is never shown', () => {
  expect(toJsonSchema(kinds.user.schema)).toMatchObject({
    type: 'object',
    required: [],
    properties: {
      enabled: { type: 'boolean', default: true },
      roles: { type: 'array', items: { type: 'string', 'x-refers-to': 'role' } },
      password: { writeOnly: true },
    },
  });
  expect(toJsonSchema(kinds.connection.schema)).toMatchObject({
    required: ['type'],
    properties: { secret: { writeOnly: true } },
  });
});

test.each(Object.entries(kinds))('%s describes itself and every field', (_, { schema }) => {
  const { properties } = toJsonSchema(schema) as { properties: Record<string, { description: string }> };
  for (const property of Object.values(properties)) expect(property.description).toMatch(/\w/);
});
