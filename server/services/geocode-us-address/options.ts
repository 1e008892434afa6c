import { coordinateFormats } from '../../address/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { decimal, type OptionDefinition, oneOf, text, yesOrNo } from '../options.ts';
import { type ExtraGroup, groups, isExtraGroup } from './fields.ts';

/** Names of output groups by commas, any case. */
const recordTypes: OptionDefinition<ReadonlySet<ExtraGroup>> = {
  description: 'Groups of output fields, by commas',
  allowed: groups.join(', '),
  defaultText: 'Latitude/Longitude',
  parse(name, given) {
    const wanted = given.split(',').map((part) => part.trim().toUpperCase());
    const known = new Map(groups.map((group) => [group.toUpperCase(), group]));
    const chosen = wanted.filter((part) => part !== '').map((part) => [part, known.get(part)] as const);
    const [unknown] = chosen.filter(([, group]) => group === undefined);
    if (unknown) {
      throw new SpectrumError('INVALID_OPTION', `${name}: "${unknown[0]}" is no group; use ${groups.join(', ')}`, {
        option: name,
        given,
        allowed: groups,
      });
    }
    return new Set(chosen.flatMap(([, group]) => (group && isExtraGroup(group) ? group : [])));
  },
};

/** Geocoding reference 1.2, as far as the data can answer; what it cannot is ignored like any unknown option. */
export const options = {
  Dataset: text('Database resource to geocode with'),
  'Database.US': text('The same under its older name; Dataset wins'),
  Offset: decimal(0, 5_280, 50, 'Feet between the street line and an interpolated position'),
  Squeeze: decimal(0, 5_280, 50, 'Feet by which both ends of a segment are pulled in'),
  Datum: oneOf(['NAD83'], 'Datum of all positions'),
  CentroidPreference: oneOf(
    ['AddressUnavailable', 'NoCentroids'],
    'Whether the ZIP Code centroid answers when the address does not',
  ),
  LatLonFormat: oneOf(coordinateFormats, 'How Latitude and Longitude are written'),
  FallbackToStreet: yesOrNo('Whether the middle of the street answers when the house number is unknown', false),
  FallbackToGeographic: yesOrNo(
    'Whether the middle of the city, county or state answers when nothing else does',
    false,
  ),
  AddressPointInterpolation: yesOrNo('Whether an unknown house number is put between its neighbours', false),
  MatchMode: oneOf(['Exact', 'Close', 'Relaxed'], 'How much of the address may differ', 'Close'),
  KeepMultimatch: yesOrNo('Whether all of several equal matches are returned', false),
  OutputCasing: oneOf(['M', 'U'], 'M mixed, U upper case'),
  OutputPostalCodeSeparator: yesOrNo('Whether a hyphen stands in a ZIP + 4 code', true),
  OutputRecordType: recordTypes,
};
