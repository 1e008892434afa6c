import { distanceUnits } from '../../address/index.ts';
import { decimal, integer, oneOf, text, yesOrNo } from '../options.ts';

/** Geocoding reference section 3. */
export const options = {
  Dataset: text('Database resource to geocode with'),
  Type: oneOf(['ADDRESS', 'POSTAL', 'GEOGRAPHIC'], 'What to look for: the address, its postal code, its city'),
  FallbackToPostal: yesOrNo('Whether the postal code centroid answers when the address does not', true),
  FallbackToGeographic: yesOrNo('Whether the city centroid answers when nothing else does', true),
  MaxReturnedCandidates: integer(1, 100, 1, 'Most candidates to return'),
  StreetOffset: decimal(0, 1_000, 7, 'Distance between the street line and an interpolated position'),
  StreetOffsetUnits: oneOf(distanceUnits, 'Unit of StreetOffset', 'Meters'),
  CornerOffset: decimal(0, 1_000, 7, 'Distance by which both ends of a segment are pulled in'),
  CornerOffsetUnits: oneOf(distanceUnits, 'Unit of CornerOffset', 'Meters'),
  MatchMode: oneOf(
    ['STANDARD', 'EXACT', 'RELAXED', 'CUSTOM'],
    'How much may differ; CUSTOM as the MatchOn options say',
  ),
  MatchOnAddressNumber: yesOrNo('With CUSTOM: whether the house number must be as given', false),
  MatchOnPostCode1: yesOrNo('With CUSTOM: whether the postal code must be as given', false),
  MatchOnAreaName1: yesOrNo('With CUSTOM: whether the state must be as given', false),
  MatchOnAreaName3: yesOrNo('With CUSTOM: whether the city must be as given', false),
  MatchOnAllStreetFields: yesOrNo('With CUSTOM: whether all parts of the street must be as given', false),
  MatchOnStreetName: yesOrNo('With CUSTOM: whether the street name must be as given', false),
};
