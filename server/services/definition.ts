import type { AddressDatabase } from '../reference-data/index.ts';
import type { OptionTable, OptionValues } from './options.ts';

/**
 * A service: the one typed definition from which REST parsing, validation, JSON and XML answers and the listings are
 * derived (rest-soap-conventions sections 2 to 4). Field and option names keep their published spelling.
 */
export interface ServiceDefinition<Options extends OptionTable = OptionTable> {
  readonly name: string;
  readonly module: string;
  readonly description: string;
  /** JSON and XML member that holds the request rows, such as `input_port`, and the row's element name. */
  readonly input: PortDefinition;
  readonly output: PortDefinition;
  readonly options: Options;
  /** Whether an empty value is left out of an answer or printed as `""` (both exist among real services). */
  readonly emptyValues: 'omit' | 'keep';
  /** Whether all rows of a request are answered by one `run`, in an order of the service's own. */
  readonly answersTogether?: boolean;
  /** Interfaces that offer the service; every one when absent. */
  readonly interfaces?: readonly ServiceInterface[];
  /** Where REST offers it besides `results.json` and `results.xml`. */
  readonly resources?: readonly ServiceResource[];
  /** Answers every input row, in order, with one or more output rows; synchronous when all data is in memory. */
  run(
    rows: readonly InputRow[],
    options: OptionValues<Options>,
    context: ServiceContext,
  ): ServiceAnswer | Promise<ServiceAnswer>;
}

export type ServiceInterface = 'rest' | 'soap';

/** One more URL of a service (rest-soap-conventions section 9). */
export interface ServiceResource {
  readonly method: 'GET' | 'POST';
  readonly format: 'json' | 'xml' | 'geojson';
  /** What follows `/rest/<Service>/`; a part `${Data.Field}` or `${Option.Name}` takes that value from the URL. */
  readonly path: string;
}

export interface PortDefinition {
  readonly port: string;
  readonly row: string;
  /** In published order, which is also the order of an answer's members. */
  readonly fields: readonly FieldDefinition[];
}

export interface FieldDefinition {
  readonly name: string;
  readonly description: string;
  /** Typed in schemas, numbers and booleans in JSON as well; text when absent, as built-in services do. */
  readonly type?: ValueType;
  /** Present for a field that holds rows of its own: read its value by `parseList`, write it by `formatList`. */
  readonly list?: ListDefinition;
}

export type ValueType =
  | 'boolean'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'bigdecimal'
  | 'date'
  | 'time'
  | 'datetime'
  | 'geometry';

/** The rows inside a list field (rest-soap-conventions section 3); their fields are no lists. */
export interface ListDefinition {
  /** Name of the data type, and of the element around each row in XML. */
  readonly row: string;
  readonly fields: readonly FieldDefinition[];
}

/** Field name to text as sent. Absent and null fields are missing; fields the service does not define are not here. */
export type InputRow = Readonly<Record<string, string | undefined>>;

/** Field name to text. An undefined field is left out of the answer; order of assignment does not matter. */
export type OutputRow = Record<string, string | undefined>;

/** For each input row its output rows. The gateway copies the input row's user fields to each of them. */
export interface ServiceAnswer extends ReadonlyArray<readonly OutputRow[]> {
  /** Of a service that answers together: the input row that each entry belongs to, -1 for none. */
  readonly origins?: readonly number[];
}

export interface ServiceContext {
  /**
   * The database behind an option such as `Database.US`: a database resource's name, or empty for the module's default.
   * One request uses one vintage throughout. Throws `INVALID_OPTION` for an unknown name, `DATABASE_UNAVAILABLE` for
   * one that is not open on this node.
   */
  database(resourceName: string, option: string): AddressDatabase;
}

/** Keeps a definition's own option types while checking it. */
export function defineService<Options extends OptionTable>(
  definition: ServiceDefinition<Options>,
): ServiceDefinition<Options> {
  return Object.freeze(definition);
}
