import { findClosestName } from '../../foundation/closest-name.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';

/** Option texts as a request would send them; throws `INVALID_OBJECT` or `INVALID_OPTION` naming the option. */
export function checkOptions(
  { name, options: table }: ServiceDefinition,
  given: unknown,
): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new SpectrumError('INVALID_OBJECT', 'options: send an object, option name to text', { field: 'options' });
  }
  for (const [option, text] of Object.entries(given)) {
    const definition = table[option];
    if (definition === undefined) {
      const closest = findClosestName(option, Object.keys(table));
      const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
      throw new SpectrumError('INVALID_OBJECT', `options.${option}: ${name} has no such option${hint}`, {
        field: `options.${option}`,
      });
    }
    if (typeof text !== 'string') {
      throw new SpectrumError(
        'INVALID_OBJECT',
        `options.${option}: send it as text; allowed is ${definition.allowed}`,
        {
          field: `options.${option}`,
        },
      );
    }
    if (text !== '') definition.parse(option, text);
  }
  return given as Readonly<Record<string, string>>;
}
