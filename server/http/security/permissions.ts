import type { SecuredEntityType } from '../../../contract/permissions.ts';
import { type ConfigurationSnapshot, isPermitted, type Permission } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { isSameState } from './configuration-state.ts';

/** What a request needs, such as Execute on the service ValidateAddress. */
export interface Right {
  /** `*` stands for every type: only an administrator has that. */
  readonly entityType: SecuredEntityType | '*';
  readonly permission: Permission;
  /** Name of one object of the type, where the request concerns one. */
  readonly entity?: string;
}

/** Who is calling, as of one state of the configuration. Decisions are remembered: a hot service asks the same. */
export class Caller {
  readonly name: string;
  readonly #snapshot: ConfigurationSnapshot;
  readonly #decisions = new Map<Right, boolean>();

  constructor(snapshot: ConfigurationSnapshot, name: string) {
    this.#snapshot = snapshot;
    this.name = name;
  }

  /** Whether `snapshot` is the state of which this caller is, so that decisions still hold. */
  isAsOf(snapshot: ConfigurationSnapshot): boolean {
    return isSameState(this.#snapshot, snapshot);
  }

  /** @param right the same object at each request, so that the decision is found again */
  may(right: Right): boolean {
    const known = this.#decisions.get(right);
    if (known !== undefined) return known;
    const decision = this.mayOnce(right);
    this.#decisions.set(right, decision);
    return decision;
  }

  /** As `may`, for a right that is made for one request: nothing is remembered. */
  mayOnce({ permission, entityType, entity }: Right): boolean {
    return isPermitted(this.#snapshot, this.name, permission, entityType, entity);
  }
}

/** The refusal `NOT_PERMITTED`, which names the right that the caller lacks. */
export function notPermitted(caller: Caller, { entityType, permission, entity }: Right): SpectrumError {
  const what = entity === undefined ? entityType : `${entityType}: ${entity}`;
  return new SpectrumError(
    'NOT_PERMITTED',
    `User ${caller.name} has no ${permission} permission on ${what}; an administrator gives it by a role`,
    { entityType, permission, ...(entity === undefined ? {} : { entity }) },
  );
}
