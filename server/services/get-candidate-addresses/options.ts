import { integer, type OptionDefinition, oneOf, text, yesOrNo } from '../options.ts';

const strictness = ['M', 'E', 'T', 'L'] as const;

/** Addressing reference section 2. */
export const options = {
  PerformUSProcessing: yesOrNo('Whether addresses of the United States are looked up', true),
  PerformCanadianProcessing: yesOrNo('Whether Canadian addresses are looked up', true),
  PerformInternationalProcessing: yesOrNo('Whether addresses of other countries are looked up', true),
  'Database.US': text('Database resource for addresses of the United States'),
  MaximumResults: integer(1, 10, 10, 'How many candidates to return'),
  AddressLineSearchOnFail: yesOrNo('Whether city, state and ZIP Code are looked for in the address lines', true),
  OutputCasing: oneOf(['M', 'U'], 'Letter case of the answer: M mixed, U upper'),
  DualAddressLogic: oneOf(['N', 'P', 'S'], 'Street and box on one line: N postal order, P box, S street'),
  StreetMatchingStrictness: oneOf(strictness, 'Street names: E exact, T tight, M medium, L loose'),
  DirectionalMatchingStrictness: oneOf(strictness, 'Directionals: E exact, T tight, M medium, L loose'),
  FirmMatchingStrictness: unserved('M'),
  OutputShortCityName: unserved('N'),
  PerformESM: unserved('N'),
  'Database.Canada': unserved(''),
  'Database.International': unserved(''),
};

function unserved(defaultText: string): OptionDefinition<string> {
  return text('Accepted and without effect: the data that it needs is not part of an address database', defaultText);
}
