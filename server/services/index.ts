export {
  defineService,
  type InputRow,
  type OutputRow,
  type PortDefinition,
  type ServiceAnswer,
  type ServiceContext,
  type ServiceDefinition,
} from './definition.ts';
export { integer, type OptionTable, type OptionValues, oneOf, parseOptions } from './options.ts';
export { serviceRegistry } from './registry.ts';
