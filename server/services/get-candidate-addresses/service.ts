import {
  type AddressCandidate,
  type CandidateList,
  listAddressCandidates,
  type ValidationInput,
} from '../../address/index.ts';
import { defineService, type InputRow, type OutputRow, type ServiceAnswer } from '../definition.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

export const getCandidateAddresses = defineService({
  name: 'GetCandidateAddresses',
  module: 'addressing',
  description: 'Lists the addresses that an ambiguous address can mean',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'keep',
  run(rows, values, context) {
    const database = context.database(values['Database.US'], 'Database.US');
    const settings = {
      street: values.StreetMatchingStrictness,
      directional: values.DirectionalMatchingStrictness,
      casing: values.OutputCasing,
      dualAddressLogic: values.DualAddressLogic,
      homeCountry: 'United States',
      performsUnitedStates: values.PerformUSProcessing,
      performsCanada: values.PerformCanadianProcessing,
      performsInternational: values.PerformInternationalProcessing,
      searchesLines: values.AddressLineSearchOnFail,
      maximumResults: values.MaximumResults,
    };
    const inputs = rows.map(toInput);
    const lists = database.read((view) =>
      inputs.map((input) => listAddressCandidates(input, settings, database, view)),
    );
    return lists instanceof Promise ? lists.then(presentLists) : presentLists(lists);
  },
});

function toInput(row: InputRow): ValidationInput {
  return {
    addressLines: [row.AddressLine1 ?? '', row.AddressLine2 ?? ''],
    city: row.City ?? '',
    stateProvince: row.StateProvince ?? '',
    postalCode: row.PostalCode ?? '',
    country: row.Country ?? '',
    firmName: row.FirmName ?? '',
    urbanization: row.USUrbanName ?? '',
    language: '',
  };
}

function presentLists(lists: readonly CandidateList[]): ServiceAnswer {
  return lists.map((list) => {
    if (list.kind === 'candidates') return list.candidates.map(presentCandidate);
    const { code, description } = list.failure;
    return [{ ProcessedBy: 'USA', Status: 'F', 'Status.Code': code, 'Status.Description': description }];
  });
}

function presentCandidate(candidate: AddressCandidate): OutputRow {
  return {
    ProcessedBy: 'USA',
    RecordType: candidate.recordType,
    'RecordType.Default': candidate.isDefault ? 'Y' : undefined,
    MatchLevel: 'A',
    AddressLine1: candidate.addressLine,
    HouseNumberLow: candidate.houseNumberLow,
    HouseNumberHigh: candidate.houseNumberHigh,
    HouseNumberParity: candidate.houseNumberParity,
    UnitNumberLow: candidate.unitNumber,
    UnitNumberHigh: candidate.unitNumber,
    UnitNumberParity: candidate.unitNumber === '' ? ' ' : 'B',
    FirmName: '',
    City: candidate.city,
    USUrbanName: candidate.urbanization,
    StateProvince: candidate.stateProvince,
    PostalCode: candidate.postalCode,
    'PostalCode.AddOn': candidate.addOn,
    Country: 'USA',
  };
}
