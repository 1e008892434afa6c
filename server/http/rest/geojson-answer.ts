import type { FieldDefinition, ServiceDefinition } from '../../services/index.ts';
import { type AnswerWriter, escapeJson, jsonTarget } from './json-answer.ts';
import { createFormats } from './value-format.ts';

/**
 * Derives the GeoJSON writer of a service (rest-soap-conventions section 9, RFC 7946): a feature for each row. A field
 * `geometry`, else `obj`, else the first geometry is that of the feature; the others are its properties.
 */
export function createGeoJsonWriter({ output, emptyValues }: ServiceDefinition): AnswerWriter {
  const geometry = findGeometry(output.fields);
  const fields = output.fields.filter((field) => field !== geometry);
  const formats = createFormats(fields, jsonTarget);
  return (answer, userFields) => {
    const features = answer.flatMap((rows, entry) =>
      rows.map((row) => {
        const members = fields.flatMap(({ name }, index) => {
          const value = row[name];
          if (value === undefined || (value === '' && emptyValues === 'omit')) return [];
          const text = (formats[index] ?? jsonTarget.text)(value);
          return text === undefined ? [] : [`"${escapeJson(name)}":${text}`];
        });
        const extra = (userFields[entry] ?? []).map(
          ({ name, value }) => `"${escapeJson(name)}":"${escapeJson(value)}"`,
        );
        const shape = geometry === undefined ? undefined : row[geometry.name];
        const properties = [...members, ...extra].join(',');
        return `{"type":"Feature","geometry":${shape || 'null'},"properties":{${properties}}}`;
      }),
    );
    return `{"type":"FeatureCollection","features":[${features.join(',')}]}`;
  };
}

function findGeometry(fields: readonly FieldDefinition[]): FieldDefinition | undefined {
  const geometries = fields.filter(({ type }) => type === 'geometry');
  const named = (name: string) => geometries.find((field) => field.name === name);
  return named('geometry') ?? named('obj') ?? geometries[0];
}
