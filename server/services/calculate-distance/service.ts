import { type CoordinateFormat, measureDistance, parseCoordinate } from '../../address/index.ts';
import type { Coordinates } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

/** Published length of the field. */
const longestText = 9;

export const calculateDistance = defineService({
  name: 'CalculateDistance',
  module: 'geocoding',
  description: 'Measures the straight line between two positions on the globe',
  input: { port: 'input_port', row: 'Location', fields: inputFields },
  output: { port: 'output_port', row: 'Distance', fields: outputFields },
  options,
  emptyValues: 'omit',
  run: (rows, values) => rows.map((row) => [answer(row, values)]),
});

function answer(row: InputRow, values: OptionValues<typeof options>): OutputRow {
  const first = readPoint(row.FirstLatitude, row.FirstLongitude, values.FirstLatLonFormat);
  const second = readPoint(row.SecondLatitude, row.SecondLongitude, values.SecondLatLonFormat);
  if (!first || !second) return failure;
  return { Distance: formatDistance(measureDistance(first, second, values.Units)), Confidence: '100' };
}

const failure: OutputRow = {
  Confidence: '0',
  Status: 'F',
  'Status.Code': 'Failure',
  'Status.Description': 'Unable to compute distance.',
};

function readPoint(latitude = '', longitude = '', format: CoordinateFormat): Coordinates | undefined {
  const y = parseCoordinate(latitude, 'latitude', format);
  const x = parseCoordinate(longitude, 'longitude', format);
  return y === undefined || x === undefined ? undefined : { longitude: x, latitude: y };
}

/** As many decimal places as the published length leaves, six at most. */
function formatDistance(distance: number): string {
  const digits = Math.trunc(distance).toString().length;
  return distance.toFixed(Math.max(0, Math.min(6, longestText - 1 - digits)));
}
