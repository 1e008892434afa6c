import { addressPreferences, coordinateFormats } from '../../address/index.ts';
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

/** Names of single output fields by commas. */
const outputFieldNames: OptionDefinition<ReadonlySet<string>> = {
  description: 'Single fields to return beside the groups, by commas',
  allowed: 'names of output fields',
  defaultText: '',
  parse: (_name, given) => new Set(given.split(',').map((part) => part.trim())),
};

function unserved(defaultText: string): OptionDefinition<string> {
  return text('Accepted and without effect: the data that it needs is not part of an address database', defaultText);
}

/** Published options of data that is not here; callers may go on sending them. */
const withoutData = {
  CenterlineOffset: unserved('0'),
  RetrieveAPN: unserved('N'),
  RetrieveElevation: unserved('N'),
  ExtendedMatchCode: unserved('N'),
  PerformDPV: unserved('N'),
  PerformLACSLink: unserved('N'),
  FirmNameSearch: unserved('Never'),
  BuildingSearch: unserved('N'),
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
  MatchMode: oneOf(
    ['Exact', 'Close', 'Relaxed', 'Interactive', 'CASS', 'Custom'],
    'How much of the address may differ; Interactive as Relaxed with all matches, Custom as the MustMatch options say',
    'Close',
  ),
  MustMatchHouseNumber: yesOrNo('With Custom: whether the house number must be as given', false),
  MustMatchStreet: yesOrNo('With Custom: whether the street must be as given', false),
  MustMatchCity: yesOrNo('With Custom: whether the city must be as given', false),
  MustMatchStateProvince: yesOrNo('With Custom: whether the state must be as given', false),
  MustMatchPostalCode: yesOrNo('With Custom: whether the ZIP Code must be as given', false),
  AddressPreference: oneOf(addressPreferences, 'Which of two addresses in one record counts'),
  PreferZipCodeOverCity: yesOrNo('Whether the city is left out of account where the ZIP Code is known', false),
  PredictiveLastLine: yesOrNo('Whether Longitude and Latitude stand for a last line that is missing', false),
  KeepCandidates: yesOrNo('The same as KeepMultimatch', false),
  AlwaysFindCandidates: yesOrNo('The same as KeepMultimatch', false),
  KeepMultimatch: yesOrNo('Whether all of several equal matches are returned', false),
  OutputCasing: oneOf(['M', 'U'], 'M mixed, U upper case'),
  OutputPostalCodeSeparator: yesOrNo('Whether a hyphen stands in a ZIP + 4 code', true),
  OutputRecordType: recordTypes,
  OutputFields: outputFieldNames,
  ...withoutData,
};
