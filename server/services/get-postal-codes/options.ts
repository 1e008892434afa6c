import { lenientYesOrNo, text } from '../options.ts';

/** Addressing reference section 4. */
export const options = {
  OutputVanityCity: lenientYesOrNo('Whether a name that is not for mailing finds its ZIP Codes too', false),
  OutputCityType: lenientYesOrNo('Whether City.Type is returned; needs the two letters of the state', false),
  'Database.US': text('Database resource for ZIP Codes'),
};
