import { parseOptions, serviceRegistry } from '../../../server/services/index.ts';
import { sampleService } from '../../support/sample-service.ts';

const xmlName = /^[A-Za-z_][\w.-]*$/;

test('no two services have one name', () => {
  const names = serviceRegistry.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each([...serviceRegistry, sampleService].map((service) => [service.name, service] as const))(
  '%s',
  (name, service) => {
    test('has names that XML and URLs carry as they are', () => {
      const { input, output, options } = service;
      const fields = [...input.fields, ...output.fields].map((field) => field.name);
      const all = [name, input.port, input.row, output.port, output.row, ...fields, ...Object.keys(options)];
      expect(all.filter((word) => !xmlName.test(word))).toEqual([]);
    });

    test.each(['input', 'output'] as const)('names each %s field once, and none like the user fields', (side) => {
      const names = service[side].fields.map((field) => field.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).not.toContain('user_fields');
    });

    test('accepts the defaults of its own options', () => {
      expect(() => parseOptions(service.options, {})).not.toThrow();
    });

    test('describes itself, its fields and its options', () => {
      const { input, output, options } = service;
      const described = [service, ...input.fields, ...output.fields, ...Object.values(options)];
      expect(described.filter(({ description }) => description.trim() === '')).toEqual([]);
    });
  },
);
