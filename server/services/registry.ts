import type { ServiceDefinition } from './definition.ts';

/** Every callable service, in the order of the listing. A new service is its folder and one line here. */
export const serviceRegistry: readonly ServiceDefinition[] = [];
