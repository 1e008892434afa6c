import type { ServiceDefinition } from '../../services/index.ts';
import { escapeXml, serviceNamespace } from '../rest/xml-answer.ts';

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

/** Request bodies that a caller can send as they are. */
export function exampleOf({ name, input }: ServiceDefinition): { readonly json: unknown; readonly xml: string } {
  const known = input.fields.flatMap((field) =>
    values[field.name] === undefined ? [] : [[field.name, values[field.name] as string] as const],
  );
  const fields = known.length > 0 ? known : input.fields.slice(0, 1).map((field) => [field.name, ''] as const);
  const elements = fields.map(([field, value]) => `      <svc:${field}>${escapeXml(value)}</svc:${field}>`);
  return {
    json: { [input.port]: { [input.row]: [Object.fromEntries(fields)] } },
    xml: `<svc:${name}Request xmlns:svc="${serviceNamespace(name)}">
  <svc:${input.port}>
    <svc:${input.row}>
${elements.join('\n')}
    </svc:${input.row}>
  </svc:${input.port}>
</svc:${name}Request>`,
  };
}
