import { isUnitedStates, type KeyedLocation, locateKey, parseAddressKey } from '../../address/index.ts';
import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import { presentMatch, toFailure } from '../global-geocode/candidate.ts';
import { outputFields } from '../global-geocode/fields.ts';
import { oneOf, text } from '../options.ts';

/** Geocoding reference section 3, key lookup. */
const options = {
  Dataset: text('Database resource to look in'),
  Type: oneOf(['PB_KEY'], 'Kind of key: the one that GlobalGeocode answers'),
};

export const globalKeyLookup = defineService({
  name: 'GlobalKeyLookup',
  module: 'geocoding',
  description: 'Finds the address of a key that GlobalGeocode or GlobalReverseGeocode answered',
  input: {
    port: 'input_port',
    row: 'Key',
    fields: [
      { name: 'Key', description: 'FeatureID of an earlier answer' },
      { name: 'Country', description: 'Code or name of the country; blank means the United States' },
    ],
  },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run(rows, values, context) {
    const database = context.database(values.Dataset, 'Dataset');
    return database.read((view) => rows.map((row) => [answer(row, database, view)]));
  },
});

/** The offset of the published default, so that a key leads to where the geocoder found its address. */
const offsets = { squeezeMeters: 7, offsetMeters: 7 };

function answer({ Key = '', Country = '' }: InputRow, database: AddressDatabase, view: StreetView): OutputRow {
  if (Country !== '' && !isUnitedStates(Country)) return toFailure('Only addresses in the United States have keys');
  const key = parseAddressKey(Key.trim());
  if (key === undefined) return toFailure('Key is none that GlobalGeocode answers');
  const found = locateKey(database, view, key, { ...offsets, numbering: database.manifest.numbering });
  return found ? present(found) : toFailure('The database has no address of this key');
}

function present({ result, address }: KeyedLocation): OutputRow {
  return { ...presentMatch(result, address), TotalPossibleCandidates: '1' };
}
