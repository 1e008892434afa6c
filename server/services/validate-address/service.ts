import { type ValidationInput, type ValidationSettings, validateAddress } from '../../address/index.ts';
import { defineService, type InputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { presentAddress } from './answer.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';
import { type Presentation, toPresentation } from './presentation.ts';

export const validateAddressService = defineService({
  name: 'ValidateAddress',
  module: 'addressing',
  description: 'Validates, corrects and standardizes addresses',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run(rows, values, context) {
    const database = context.database(values['Database.US'], 'Database.US');
    const foreignPlaces = (resource: string, option: string) =>
      resource === '' ? database.foreignPlaces : context.database(resource, option).foreignPlaces;
    const { settings, wanted } = prepare(values, {
      canadianPlaces: foreignPlaces(values['Database.Canada'], 'Database.Canada'),
      otherPlaces: foreignPlaces(values['Database.INT'] || values['Database.Intl'], 'Database.INT'),
    });
    // A row is read, validated and presented before the next: what lies between dies young, and costs the least memory.
    return database.read((view) =>
      rows.map((row) => {
        const input = toInput(row);
        return validateAddress(input, settings, database, view).map((address) =>
          presentAddress(input, address, wanted),
        );
      }),
    );
  },
});

function toInput(row: InputRow): ValidationInput {
  const { AddressLine1 = '', AddressLine2 = '', AddressLine3 = '', AddressLine4 = '', AddressLine5 = '' } = row;
  return {
    addressLines: [AddressLine1, AddressLine2, AddressLine3, AddressLine4, AddressLine5],
    city: row.City ?? '',
    stateProvince: row.StateProvince ?? '',
    postalCode: row.PostalCode ?? '',
    country: row.Country ?? '',
    firmName: row.FirmName ?? '',
    urbanization: row.USUrbanName ?? '',
    language: row.CanLanguage ?? '',
  };
}

type ForeignSources = Pick<ValidationSettings, 'canadianPlaces' | 'otherPlaces'>;

/** What the options of a call come to. */
interface Preparation {
  readonly settings: ValidationSettings;
  readonly wanted: Presentation;
}

/**
 * By the parsed options, which the gateway keeps for the few sets that callers send: preparing a call of one row would
 * cost more than validating it. This changes no answer, only its price.
 */
const preparations = new WeakMap<OptionValues<typeof options>, Preparation>();

function prepare(values: OptionValues<typeof options>, sources: ForeignSources): Preparation {
  const known = preparations.get(values);
  const isCurrent =
    known?.settings.canadianPlaces === sources.canadianPlaces && known.settings.otherPlaces === sources.otherPlaces;
  if (known !== undefined && isCurrent) return known;
  const preparation = { settings: toSettings(values, sources), wanted: toPresentation(values) };
  preparations.set(values, preparation);
  return preparation;
}

function toSettings(values: OptionValues<typeof options>, sources: ForeignSources): ValidationSettings {
  return {
    canadianPlaces: sources.canadianPlaces,
    otherPlaces: sources.otherPlaces,
    street: values.StreetMatchingStrictness,
    directional: values.DirectionalMatchingStrictness,
    firm: values.FirmMatchingStrictness,
    keepsAlias: values.OutputStreetNameAlias,
    prefersAlias: values.OutputPreferredAlias,
    abbreviates: values.OutputAbbreviatedAlias,
    casing: values.OutputCasing,
    lineFormat: values.StandardAddressFormat,
    dualAddressLogic: values.DualAddressLogic,
    privateMailboxLine: values.StandardAddressPMBLine,
    cityName: values.OutputShortCityName === 'V' ? 'V' : 'given',
    preferredCity: values.OutputPreferredCity,
    countryFormat: values.OutputCountryFormat,
    homeCountry: values.HomeCountry,
    performsUnitedStates: values.PerformUSProcessing,
    performsCanada: values.PerformCanadianProcessing,
    performsInternational: values.PerformInternationalProcessing,
    foreign: toForeignSettings(values),
    searchesLines: values.AddressLineSearchOnFail,
    extractsFirm: values.ExtractFirm,
    extractsUrbanization: values.ExtractUrb,
    formatsFailures: values.OutputFormattedOnFail,
    keepsMultiple: values.KeepMultimatch,
    maximumResults: values.MaximumResults,
  };
}

/** `D` follows the option for the United States, whose `D` places units as `C` does. */
function toForeignSettings(values: OptionValues<typeof options>): ValidationSettings['foreign'] {
  const { CanStandardAddressFormat: given, StandardAddressFormat } = values;
  return {
    casing: values.OutputCasing,
    keepsDiacritics: values.OutputMultinationalCharacters,
    countryFormat: values.OutputCountryFormat,
    separatesPostalCode: values.OutputPostalCodeSeparator,
    canadian: {
      frenchFormat: values.CanFrenchFormat,
      englishApartmentLabel: values.CanEnglishApartmentLabel,
      frenchApartmentLabel: values.CanFrenchApartmentLabel,
      nonCivicFormat: values.CanNonCivicFormat,
      ruralRouteFormat: values.CanRuralRouteFormat,
      deliveryOfficeFormat: values.CanDeliveryOfficeFormat,
      unitFormat: given === 'D' ? (StandardAddressFormat === 'S' ? 'S' : 'B') : given,
    },
  };
}
