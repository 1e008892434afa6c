import type { ServiceDefinition } from './definition.ts';
import { getCandidateAddresses } from './get-candidate-addresses/service.ts';
import { validateAddressService } from './validate-address/service.ts';

/** Every callable service, in the order of the listing. A new service is its folder and one line here. */
export const serviceRegistry: readonly ServiceDefinition[] = [validateAddressService, getCandidateAddresses];
