import { coordinateFormats, distanceUnits } from '../../address/index.ts';
import { oneOf } from '../options.ts';

/** Geocoding reference section 4. */
export const options = {
  FirstLatLonFormat: oneOf(coordinateFormats, 'How the first point is written'),
  SecondLatLonFormat: oneOf(coordinateFormats, 'How the second point is written'),
  Units: oneOf(distanceUnits, 'Unit of the distance', 'Miles'),
};
