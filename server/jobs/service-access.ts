import type { ServiceAccess } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { ServiceContext, ServiceDefinition } from '../services/index.ts';
import { parseOptions } from '../services/index.ts';

export interface ServiceAccessProps {
  readonly services: readonly ServiceDefinition[];
  /** Options saved for a service; those of a stage come before them. */
  savedOptions(service: string): Readonly<Record<string, string>>;
  /** The databases of the whole run for services of a module: one vintage from its first row to its last. */
  databases(module: string): ServiceContext;
}

/** Services for the stages of one run. */
export function createServiceAccess({ services, savedOptions, databases }: ServiceAccessProps): ServiceAccess {
  return {
    open(name, given) {
      const service = services.find((one) => one.name === name);
      if (service === undefined) {
        throw new SpectrumError('UNKNOWN_SERVICE', `${name} is not a service of this node`, { service: name });
      }
      const options = parseOptions(service.options, { ...savedOptions(name), ...given });
      const context = databases(service.module);
      return { call: (rows) => service.run(rows, options, context) };
    },
  };
}
