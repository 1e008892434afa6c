export {
  defineService,
  type FieldDefinition,
  type InputRow,
  type ListDefinition,
  type OutputRow,
  type PortDefinition,
  type ServiceAnswer,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceInterface,
  type ServiceResource,
  type ValueType,
} from './definition.ts';
export {
  dataLevels,
  findCountry,
  type GeocodedCountry,
  listGeocodedCountries,
} from './global-geocode/countries.ts';
export { formatList, parseList } from './list-values.ts';
export { integer, type OptionDefinition, type OptionTable, type OptionValues, oneOf, parseOptions } from './options.ts';
export { serviceRegistry } from './registry.ts';
