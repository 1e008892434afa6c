import { integer, lenientYesOrNo, text } from '../options.ts';

/** Addressing reference section 3. */
export const options = {
  PerformUSProcessing: lenientYesOrNo('Whether ZIP Codes are looked up', true),
  PerformCanadianProcessing: lenientYesOrNo('Whether Canadian postal codes are looked up', true),
  OutputVanityCity: lenientYesOrNo('Whether names that are not for mailing are returned too', false),
  MaximumResults: integer(1, 100, 10, 'Most cities returned for one postal code'),
  'Database.US': text('Database resource for ZIP Codes'),
  'Database.Canada': text('Database resource for Canadian postal codes'),
};
