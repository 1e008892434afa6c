import { integer, type OptionDefinition, oneOf, text, yesOrNo } from '../options.ts';

const strictness = ['M', 'E', 'T', 'L'] as const;

/** Addressing reference 1.2 to 1.4. */
const served = {
  OutputRecordType: {
    ...text(
      'Groups of fields, any of A standard address, E parsed elements, I parsed input, P postal data; empty for none',
      'A',
    ),
    acceptsEmpty: true,
  },
  OutputFieldLevelReturnCodes: yesOrNo('Whether to return a .Result for each element', false),
  OutputFormattedOnFail: yesOrNo('Whether a failed record is returned formatted instead of as sent', false),
  OutputAddressBlocks: yesOrNo('Whether to return the printable address', false),
  OutputCasing: oneOf(['M', 'U'], 'Letter case of the answer: M mixed, U upper'),
  OutputPostalCodeSeparator: yesOrNo('Whether a ZIP+4 has a hyphen', true),
  KeepMultimatch: yesOrNo('Whether several matches are returned instead of failing', false),
  MaximumResults: integer(1, 10, 1, 'How many matches to return with KeepMultimatch'),
  StandardAddressFormat: oneOf(
    ['C', 'S', 'D'],
    'Unit: C behind the street, S on the second line, D as C with the dropped half of a dual address below',
  ),
  OutputShortCityName: oneOf(
    ['N', 'Y', 'S', 'V'],
    'V keeps a name that is not for mailing; the data has no short names, so Y and S mean N',
  ),
  OutputPreferredCity: oneOf(['Z', 'C', 'P'], 'City name: Z of the street, C as given where it is valid, P primary'),
  OutputCountryFormat: oneOf(
    ['E', 'S', 'F', 'G', 'I', 'U'],
    'Country: English, Spanish, French, German, I two letters, U three letters',
  ),
  HomeCountry: text('Country of records without one', 'United States'),
  DualAddressLogic: oneOf(['N', 'P', 'S'], 'Street and box on one line: N postal order, P box, S street'),
  StreetMatchingStrictness: oneOf(strictness, 'Street names: E exact, T tight, M medium, L loose'),
  DirectionalMatchingStrictness: oneOf(strictness, 'Directionals: E exact, T tight, M medium, L loose'),
  FirmMatchingStrictness: oneOf(strictness, 'Firms: E exact, T tight, M medium, L loose'),
  OutputStreetNameAlias: yesOrNo(
    'Whether a street name alias stays as sent; the base name is returned otherwise',
    true,
  ),
  OutputPreferredAlias: yesOrNo('Whether the alias preferred locally is returned in place of a base name', false),
  OutputAbbreviatedAlias: yesOrNo('Whether an abbreviated alias is returned where a line is long', false),
  StandardAddressPMBLine: oneOf(['N', '1', '2'], 'Private mailbox: N left out, 1 on the first line, 2 on the second'),
  ExtractFirm: yesOrNo('Whether a firm among the address lines goes to FirmName', false),
  ExtractUrb: yesOrNo('Whether an urbanization among the address lines goes to USUrbanName', false),
  AddressLineSearchOnFail: yesOrNo(
    'Whether city, state and ZIP Code are looked for in the address lines when their fields do not tell',
    true,
  ),
  PerformUSProcessing: yesOrNo('Whether addresses of the United States are validated', true),
  'Database.US': text('Database resource for addresses of the United States'),
  PerformCanadianProcessing: yesOrNo('Whether Canadian addresses are checked', true),
  'Database.Canada': text('Database resource for Canadian postal codes'),
  PerformInternationalProcessing: yesOrNo('Whether addresses of other countries are checked', true),
  'Database.INT': text('Database resource for postal codes of other countries'),
  'Database.Intl': text('The same under its other name; Database.INT wins'),
  OutputMultinationalCharacters: yesOrNo('Whether letters outside the United States keep their accents', false),
  CanFrenchFormat: oneOf(
    ['C', 'S', 'T'],
    'French lines in Canada: C where the street type is French, S the same, T as CanLanguage says',
  ),
  CanEnglishApartmentLabel: oneOf(['Apt', 'Apartment', 'Suite', 'Unit'], 'English label of a unit sent without one'),
  CanFrenchApartmentLabel: oneOf(
    ['App', 'Appartement', 'Bureau', 'Suite', 'Unite'],
    'French label of a unit sent without one',
  ),
  CanNonCivicFormat: oneOf(['A', 'F'], 'Boxes and stations: A abbreviated, F in full'),
  CanRuralRouteFormat: oneOf(['A', 'S'], 'Rural route: A behind the street, S on a line of its own'),
  CanDeliveryOfficeFormat: oneOf(['I', 'A', 'S'], 'Station: I as sent, A on the same line, S on a line of its own'),
  CanStandardAddressFormat: oneOf(
    ['D', 'B', 'F', 'E', 'I', 'S'],
    'Unit: D as StandardAddressFormat, B behind the street, F number in front, E label in front, I as sent, S own line',
  ),
};

function unserved(defaultText: string): OptionDefinition<string> {
  return text('Accepted and without effect: the data that it needs is not part of an address database', defaultText);
}

/** Published options of data and engines that are not here; callers may go on sending them. */
const withoutData = {
  PerformDPV: unserved('N'),
  DPVSuccessfulStatusCondition: unserved('A'),
  DPVDetermineNoStat: unserved('N'),
  DPVDetermineVacancy: unserved('N'),
  FailOnCMRAMatch: unserved('N'),
  PerformRDI: unserved('N'),
  PerformLACSLink: unserved('Y'),
  PerformSuiteLink: unserved('N'),
  PerformEWS: unserved('N'),
  PerformLOT: unserved('N'),
  PerformESM: unserved('N'),
  PerformASM: unserved('Y'),
  SuppressZplusPhantomCarrierR777: unserved('N'),
  OutputReport3553: unserved('N'),
  OutputReportSERP: unserved('N'),
  OutputReportSummary: unserved('N'),
  OutputCASSDetail: unserved('N'),
  OutputScript: unserved('InputScript'),
  EnableSERP: unserved('N'),
  ForceCorrectionLVR: unserved('N'),
  CanSSLVRFlg: unserved('N'),
  CanPreferHouseNum: unserved('N'),
  CanOutputCityAlias: unserved('Y'),
  CanOutputCityFormat: unserved('D'),
  CanDualAddressLogic: unserved('D'),
  CanSwitchManagedPostalCodeConfidence: unserved('N'),
};

export const options = { ...served, ...withoutData };
