import { SpectrumError } from '../../foundation/errors.ts';
import type { RawAddress } from './address-standard.ts';

/** What a column of an address file may be. */
const fields = [
  'address',
  'number',
  'street',
  'unit',
  'city',
  'state',
  'postalCode',
  'addOn',
  'firm',
  'urbanization',
  'alias',
  'aliasType',
  'longitude',
  'latitude',
] as const;
type Field = (typeof fields)[number];

/** Columns of each field; the texts of several are joined by a space, `|` begins another to use when those are empty. */
export type ColumnMap = Readonly<Partial<Record<Field, string>>>;

/** Columns of published layouts, known by their names. */
const layouts: Readonly<Record<string, ColumnMap>> = {
  // openaddresses.io, `conform` output
  openaddresses: {
    number: 'NUMBER',
    street: 'STREET',
    unit: 'UNIT',
    city: 'CITY',
    state: 'REGION',
    postalCode: 'POSTCODE',
    longitude: 'LON',
    latitude: 'LAT',
  },
  // National Address Database of the US Department of Transportation, schema of release 13 and later
  nad: {
    number: 'AddNum_Pre+Add_Number+AddNum_Suf',
    street: 'St_PreMod+St_PreDir+St_PreTyp+St_PreSep+St_Name+St_PosTyp+St_PosDir+St_PosMod',
    unit: 'Unit|Building|Room',
    city: 'Post_City|Inc_Muni',
    state: 'State',
    postalCode: 'Zip_Code',
    addOn: 'Plus_4',
    urbanization: 'Urbnztn_PR',
    longitude: 'Longitude',
    latitude: 'Latitude',
  },
};

/** A list of further names of streets, without addresses. */
const aliasList: ColumnMap = {
  alias: 'ALIAS',
  aliasType: 'TYPE',
  street: 'STREET',
  state: 'REGION|STATE',
  postalCode: 'POSTCODE|ZIP',
};

type Needed = readonly (readonly Field[])[];

/** Columns needed at least; of a group one is enough. */
const needed: Needed = [['street', 'address'], ['number', 'address'], ['longitude'], ['latitude']];
const neededForAliases: Needed = [['alias'], ['street'], ['postalCode']];

/** Reads `street=ADDR1,city=TOWN`; throws `INVALID_SETTING` naming what is allowed. */
export function parseColumnMap(text: string): ColumnMap {
  const entries = text.split(',').map((part) => {
    const [, field = '', columns = ''] = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    if (!fields.some((known) => known === field)) {
      const sentence = `--map: "${part}" is not allowed; use FIELD=COLUMN, FIELD being one of ${fields.join(', ')}`;
      throw new SpectrumError('INVALID_SETTING', sentence, { part });
    }
    return [field, columns] as const;
  });
  return Object.fromEntries(entries);
}

/** How the rows of a file become addresses. */
export interface RowReader {
  /** For each column whether it is needed. */
  readonly needed: readonly boolean[];
  /** Whether rows are no addresses, but only name streets otherwise. */
  readonly isAliasList: boolean;
  read(line: number, values: readonly string[]): RawAddress;
}

/** How to read the rows below a header; by the map given, else by the layout whose columns are there. */
export function readColumns(header: readonly string[], given: ColumnMap | undefined, path: string): RowReader {
  const names = header.map((name) => name.trim().toLowerCase());
  const map = chooseMap(names, given);
  const isAliasList = map !== undefined && !isComplete(map, names) && isComplete(map, names, neededForAliases);
  if (!map || (!isAliasList && !isComplete(map, names))) {
    const sentence = `${path}: its columns are ${header.join(', ')}; name those of the address with --map, such as --map number=NUM,street=ADDR1,postalCode=ZIP,longitude=X,latitude=Y`;
    throw new SpectrumError('INVALID_SETTING', sentence, { path, columns: header });
  }
  // A published layout may lack a column in an older file; one that a user names is there or mistyped.
  const pick = (field: Field) => pickColumns(map[field], names, map === given ? path : undefined);
  const [address, number, street, unit] = [pick('address'), pick('number'), pick('street'), pick('unit')];
  const [city, state, postalCode, addOn] = [pick('city'), pick('state'), pick('postalCode'), pick('addOn')];
  const [longitude, latitude] = [pick('longitude'), pick('latitude')];
  const [firm, urbanization] = [pick('firm'), pick('urbanization')];
  const [alias, aliasType] = [pick('alias'), pick('aliasType')];
  const read = (line: number, values: readonly string[]): RawAddress => ({
    line,
    address: address(values),
    number: number(values),
    street: street(values),
    unit: unit(values),
    city: city(values),
    state: state(values),
    postalCode: postalCode(values),
    addOn: addOn(values),
    longitude: longitude(values),
    latitude: latitude(values),
    firm: firm(values),
    urbanization: urbanization(values),
    alias: alias(values),
    aliasType: aliasType(values),
  });
  const columns = Object.values(map).flatMap((text) => text.split(/[+|]/).map((name) => name.trim().toLowerCase()));
  return { needed: names.map((name) => columns.includes(name)), isAliasList, read };
}

/** The map given; a list of aliases beside other files is known by its columns. */
function chooseMap(names: readonly string[], given: ColumnMap | undefined): ColumnMap | undefined {
  const isGiven = given !== undefined && (isComplete(given, names) || isComplete(given, names, neededForAliases));
  if (!isGiven && isComplete(aliasList, names, neededForAliases) && !isAddressFile(names)) return aliasList;
  return given ?? Object.values(layouts).find((layout) => isComplete(layout, names));
}

function isAddressFile(names: readonly string[]): boolean {
  return Object.values(layouts).some((layout) => isComplete(layout, names));
}

function isComplete(map: ColumnMap, names: readonly string[], groups = needed): boolean {
  const isThere = (field: Field): boolean =>
    (map[field] ?? '').split(/[+|]/).some((column) => names.includes(column.trim().toLowerCase()));
  return groups.every((group) => group.some(isThere));
}

function pickColumns(text: string | undefined, names: readonly string[], path: string | undefined) {
  if (text === undefined) return () => '';
  const groups = text.split('|').map((group) =>
    group
      .split('+')
      .map((column) => names.indexOf(column.trim().toLowerCase()))
      .filter((index) => index >= 0),
  );
  const [only, ...others] = groups;
  if (groups.every((group) => group.length === 0)) {
    if (path === undefined) return () => '';
    throw new SpectrumError('INVALID_SETTING', `${path} has no column ${text}; it has ${names.join(', ')}`, { path });
  }
  if (only?.length === 1 && others.length === 0) {
    const [index = 0] = only;
    return (values: readonly string[]) => values[index] ?? '';
  }
  return (values: readonly string[]) => joinFirst(groups, values);
}

/** The National Address Database fills what it does not know. */
const notStated = 'Not stated';

function joinFirst(groups: readonly (readonly number[])[], values: readonly string[]): string {
  for (const group of groups) {
    const texts = group
      .map((index) => (values[index] ?? '').trim())
      .filter((text) => text !== '' && text !== notStated);
    if (texts.length > 0) return texts.join(' ');
  }
  return '';
}
