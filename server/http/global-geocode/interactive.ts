import { type InputRow, type OutputRow, parseList } from '../../services/index.ts';
import type { ServiceCall } from '../rest/call.ts';
import { readAddressBody, readGeocodeQuery } from './geocode-request.ts';

/** The query of a partly typed address as a call of the type-ahead service. */
export function readInteractiveQuery(url: string): ServiceCall {
  return toTypeAhead(readGeocodeQuery(url));
}

/** The same of a posted address. */
export function readInteractiveBody(text: string): ServiceCall {
  return toTypeAhead(readAddressBody(text));
}

function toTypeAhead({ rows, userFields, options }: ServiceCall): ServiceCall {
  const most = options.MaxReturnedCandidates;
  return { rows: rows.map(toTypedRow), userFields, options: most === undefined ? {} : { MaximumResults: most } };
}

function toTypedRow(row: InputRow): InputRow {
  const line = [row.MainAddressLine, row.AddressLastLine]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return {
    AddressLine1: line,
    City: row.AreaName3,
    StateProvince: row.AreaName1,
    PostalCode: row.PostCode1,
    Country: row.Country,
  };
}

/** Suggestions as candidates without position; their house numbers and units are ranges. */
export function toInteractiveResponse(rows: readonly OutputRow[]): object {
  return {
    totalPossibleCandidates: rows.length,
    totalMatches: rows.length,
    candidates: rows.map((row) => ({
      formattedStreetAddress: row.AddressLine1 ?? '',
      formattedLocationAddress: row.LastLine ?? '',
      sourceDictionary: '0',
      address: {
        mainAddressLine: row.AddressLine1 ?? '',
        addressLastLine: row.LastLine ?? '',
        areaName1: row.StateProvince ?? '',
        areaName2: row.County ?? '',
        areaName3: row.City ?? '',
        postCode1: row.PostalCode ?? '',
        country: row.Country ?? '',
        customFields: {},
      },
      ranges: parseList(row.Ranges).map(toRange),
    })),
  };
}

function toRange({ Range = '', UnitsInfo = '' }: InputRow): object {
  const [lowHouse = '', highHouse = lowHouse] = Range.split('-');
  const units = UnitsInfo === '' ? [] : UnitsInfo.split(', ');
  return {
    placeName: null,
    lowHouse,
    highHouse,
    side: 'UNKNOWN',
    oddEvenIndicator: 'UNKNOWN',
    units: units.map((unit) => {
      const [unitType = '', ...value] = unit.split(' ');
      return {
        placeName: null,
        unitType,
        lowUnitValue: value.join(' '),
        highUnitValue: value.join(' '),
        customValues: {},
      };
    }),
    customValues: {},
  };
}
