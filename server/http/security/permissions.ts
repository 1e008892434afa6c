import { type ConfigurationSnapshot, isPermitted, type Permission } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';

/** Secured entity types that the gateway guards (platform reference section 2.3). */
type EntityType = 'Services' | 'Security - Users' | 'Security - Roles' | 'Database Resources' | 'Platform';

/** What a request needs, such as Execute on the service ValidateAddress. */
export interface Right {
  readonly entityType: EntityType;
  readonly permission: Permission;
  /** Name of one object of the type, where the request concerns one. */
  readonly entity?: string;
}

/** Who is calling, as of one state of the configuration. Decisions are remembered: a hot service asks the same. */
export class Caller {
  readonly name: string;
  readonly revision: number;
  readonly #snapshot: ConfigurationSnapshot;
  readonly #decisions = new Map<Right, boolean>();

  constructor(snapshot: ConfigurationSnapshot, name: string) {
    this.#snapshot = snapshot;
    this.name = name;
    this.revision = snapshot.revision;
  }

  /** @param right the same object at each request, so that the decision is found again */
  may(right: Right): boolean {
    const known = this.#decisions.get(right);
    if (known !== undefined) return known;
    const { permission, entityType, entity } = right;
    const decision = isPermitted(this.#snapshot, this.name, permission, entityType, entity);
    this.#decisions.set(right, decision);
    return decision;
  }
}

/** The caller again; throws `NOT_PERMITTED` naming the right that the caller lacks. */
export function assertPermitted(caller: Caller, right: Right): Caller {
  if (caller.may(right)) return caller;
  const { entityType, permission, entity } = right;
  const what = entity === undefined ? entityType : `${entityType}: ${entity}`;
  throw new SpectrumError(
    'NOT_PERMITTED',
    `User ${caller.name} has no ${permission} permission on ${what}; an administrator gives it by a role`,
    { entityType, permission, ...(entity === undefined ? {} : { entity }) },
  );
}
