import {
  applyCasing,
  type Casing,
  formatStreet,
  isUnitedStates,
  type Suggestion,
  suggestAddresses,
} from '../../address/index.ts';
import type { InputRow, OutputRow, ServiceAnswer, ServiceContext } from '../definition.ts';
import { formatList } from '../list-values.ts';
import type { OptionValues } from '../options.ts';
import type { options } from './options.ts';

/** What both services of this kind do: no rows for a record without candidates. */
export function suggestRows(
  rows: readonly InputRow[],
  values: OptionValues<typeof options>,
  context: ServiceContext,
): ServiceAnswer | Promise<ServiceAnswer> {
  const database = context.database(values['Database.US'], 'Database.US');
  const present = (lists: readonly (readonly Suggestion[])[]) =>
    lists.map((list) => list.map((suggestion) => presentSuggestion(suggestion, values.OutputCasing)));
  const found = database.read((view) =>
    rows.map((row) => {
      const { AddressLine1 = '', City = '', StateProvince = '', PostalCode = '', Country = '' } = row;
      if (Country !== '' && !isUnitedStates(Country)) return [];
      const typed = { addressLine: AddressLine1, city: City, stateProvince: StateProvince, postalCode: PostalCode };
      return suggestAddresses(typed, values.MaximumResults, database, view);
    }),
  );
  return found instanceof Promise ? found.then(present) : present(found);
}

function presentSuggestion(suggestion: Suggestion, casing: Casing): OutputRow {
  const { street, postalCode, houseNumber, ranges, matched } = suggestion;
  const line = applyCasing(
    formatStreet({ ...street, houseNumber, unitDesignator: '', unitNumber: '', outerUnit: '' }),
    casing,
  );
  const city = applyCasing(suggestion.city, casing);
  const lastLine = `${city} ${postalCode.stateProvince} ${postalCode.code}`.trim();
  const row: OutputRow = {
    AddressLine1: line,
    City: city === '' ? undefined : city,
    StateProvince: postalCode.stateProvince,
    PostalCode: postalCode.code,
    County: postalCode.countyName === '' ? undefined : applyCasing(postalCode.countyName, casing),
    Country: 'USA',
    FormattedAddress: `${line}, ${lastLine}`,
    LastLine: lastLine,
    RangeCount: String(ranges.length),
    Ranges: formatList(
      ranges.map(({ text, units }) => ({
        Range: text,
        UnitCount: String(units.length),
        UnitsInfo: units.length === 0 ? undefined : units.map((unit) => applyCasing(unit, casing)).join(', '),
      })),
    ),
  };
  for (const element of matched) row[`${element}.Match`] = 'true';
  return row;
}
