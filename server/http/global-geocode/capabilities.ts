import {
  dataLevels,
  findCountry,
  type GeocodedCountry,
  listGeocodedCountries,
  type OptionDefinition,
  type ServiceDefinition,
} from '../../services/index.ts';
import { OptionReader } from '../rest/option-reader.ts';
import type { ServiceSurroundings } from '../rest/service-runner.ts';
import { type Members, mostAddresses, refuse } from './members.ts';

/** An operation as its capabilities are told. */
export interface DescribedOperation {
  readonly name: string;
  readonly definition: ServiceDefinition;
  /** Parameters of a query, each with the field or option of the service that it is. */
  readonly required: Parameters;
  readonly optional: Parameters;
  /** Kinds of data without which the operation finds nothing in a country; any of them is enough. */
  readonly needs: readonly (keyof typeof dataLevels)[];
}

type Parameters = Readonly<Record<string, string>>;

/**
 * What the geocoder can do (geocoding reference section 3): in one country or everywhere, by one operation or all of
 * them, with the database that its calls use by default.
 */
export class Capabilities {
  readonly #operations: readonly DescribedOperation[];
  readonly #surroundings: ServiceSurroundings;
  readonly #options: OptionReader | undefined;

  constructor(operations: readonly DescribedOperation[], surroundings: ServiceSurroundings) {
    this.#operations = operations;
    this.#surroundings = surroundings;
    const [first] = operations;
    this.#options = first && new OptionReader(first.definition);
  }

  /** Throws `INVALID_REQUEST` for an unknown country or operation. */
  describe({ country, operation }: Members): object {
    const { database, vintage, attributions, countries } = this.#readDatabase();
    const wanted = pickCountry(countries, country);
    const operations = this.#pickOperations(operation);
    return {
      serviceName: 'GlobalGeocode',
      serviceDescription: 'Finds positions of addresses, and addresses of positions and keys',
      geocodingEngines: [database],
      supportedCountries: wanted.map((each) => each.country),
      geocoderVersions: { [database]: vintage },
      attributions,
      supportedOperations: operations.flatMap((each) => describeOperation(each, wanted)),
      maximumBatchSize: mostAddresses,
      coordinateSystems: ['EPSG:4326'],
    };
  }

  /** The data behind the geocoder, as its list of dictionaries. Throws `INVALID_REQUEST` for an unknown country. */
  listDictionaries({ country }: Members): object {
    const { database, vintage, countries } = this.#readDatabase();
    const wanted = pickCountry(countries, country);
    const countrySupportInfos = wanted.map((each) => ({ country: each.country, supportedDataLevel: each.dataLevel }));
    const dictionary = { index: 0, customDictionary: false, description: database, vintage, countrySupportInfos };
    return { dictionaries: wanted.length === 0 ? [] : [dictionary] };
  }

  #readDatabase() {
    const options = this.#options?.read({}, this.#surroundings.snapshot());
    const lease = this.#surroundings.leaseDatabases('geocoding');
    try {
      const opened = lease.database(String(options?.Dataset ?? ''), 'Dataset');
      const { database, vintage, sources } = opened.manifest;
      const named = sources.map(({ attribution }) => attribution).filter((text) => text !== '');
      const attributions = [...new Set(named)];
      return { database, vintage, attributions, countries: listGeocodedCountries(opened) };
    } finally {
      lease.release();
    }
  }

  #pickOperations(name: unknown): readonly DescribedOperation[] {
    if (typeof name !== 'string' || name === '') return this.#operations;
    const found = this.#operations.filter((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found.length > 0) return found;
    const known = this.#operations.map((each) => each.name).join(', ');
    throw refuse(`operation ${JSON.stringify(name)} is not known; use ${known}`);
  }
}

/** The country asked for as far as the database has it, or all. */
function pickCountry(countries: readonly GeocodedCountry[], name: unknown): readonly GeocodedCountry[] {
  if (typeof name !== 'string' || name === '') return countries;
  const code = findCountry(name);
  if (code === undefined) throw refuse(`country ${JSON.stringify(name)} is not known; use a code such as USA`);
  return countries.filter(({ country }) => country === code);
}

/** None where the data of no country is enough for it. */
function describeOperation(operation: DescribedOperation, countries: readonly GeocodedCountry[]): readonly object[] {
  const { name, definition, required, optional, needs } = operation;
  const levels = needs.reduce((sum, level) => sum + dataLevels[level], 0);
  const served = countries.filter(({ dataLevel }) => (dataLevel & levels) !== 0);
  if (served.length === 0) return [];
  const input = ([parameter, field]: readonly [string, string]) => describeInput(definition, parameter, field);
  return [
    {
      name,
      requiredInputs: Object.entries(required).map(input),
      optionalInputs: Object.entries(optional).map(input),
      outputs: [{ name: 'candidates', description: 'What was found, best first', type: 'Candidate' }],
      supportLevels: served.map(({ country, dataLevel }) => ({ supportedDataLevel: dataLevel, countries: [country] })),
    },
  ];
}

function describeInput({ input, options }: ServiceDefinition, name: string, field: string): object {
  const option = options[field];
  const known = input.fields.find((each) => each.name === field);
  return {
    name,
    description: option?.description ?? known?.description ?? '',
    type: option?.values ? 'ONEOF' : 'STRING',
    defaultValue: option ? toSpelling(option.defaultText) : null,
    allowedValuesWithDescriptions: option ? toChoices(option) : {},
  };
}

function toChoices({ values = [] }: OptionDefinition<unknown>): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value) => [toSpelling(value), toSpelling(value)]));
}

/** As a request spells it. */
function toSpelling(value: string): string {
  return value === 'Y' ? 'true' : value === 'N' ? 'false' : value;
}
