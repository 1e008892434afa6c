import { coordinateFormats, distanceUnits } from '../../address/index.ts';
import { decimal, oneOf, text, yesOrNo } from '../options.ts';

/** Geocoding reference section 2. */
export const options = {
  Dataset: text('Database resource to search in'),
  'Database.US': text('The same under its older name; Dataset wins'),
  SearchDistance: decimal(0, 5_280, 150, 'Feet around the position in which is searched'),
  DistanceUnits: oneOf(distanceUnits, 'Unit of Distance in the answer; SearchDistance stays in feet'),
  SearchAddressPoints: yesOrNo('Whether address points are searched', true),
  SearchStreetSegments: yesOrNo('Whether segments with house numbers are searched', true),
  KeepMultimatch: yesOrNo('Whether all of several equally near addresses are returned', true),
  Offset: decimal(0, 5_280, 50, 'Feet between the street line and the returned position'),
  Squeeze: decimal(0, 5_280, 50, 'Feet by which both ends of a segment are pulled in'),
  Datum: oneOf(['NAD83'], 'Datum of all positions'),
  LatLonFormat: oneOf(coordinateFormats, 'How Latitude and Longitude are read and written'),
  OutputCasing: oneOf(['M', 'U'], 'M mixed, U upper case'),
  OutputRecordType: text('Groups of fields to add, by commas: Census, Segment, Range'),
  OutputPostalCodeSeparator: yesOrNo('Whether a hyphen stands in a ZIP + 4 code', true),
};
