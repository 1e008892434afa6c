import type { ServiceDefinition } from '../../services/index.ts';

/** A place of the starter database, so that the first request of a newcomer finds something. */
const values: Readonly<Record<string, string>> = {
  AddressLine1: '1745 T Street Southeast',
  City: 'Washington',
  StateProvince: 'DC',
  PostalCode: '20020',
  Country: 'US',
  Latitude: '38.867033',
  Longitude: '-76.979235',
};

/** A request body that a caller can send as it is. */
export function exampleOf({ input }: ServiceDefinition): unknown {
  const known = input.fields.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  const fields = known.length > 0 ? known : input.fields.slice(0, 1).map(({ name }) => [name, ''] as const);
  return { [input.port]: { [input.row]: [Object.fromEntries(fields)] } };
}
