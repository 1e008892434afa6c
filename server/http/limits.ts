import { leavingLimits } from '../../contract/health.ts';

/** What one request may ask of a node. Those that an operator may change come from the settings. */
export interface RequestLimits {
  readonly bodyBytes: number;
  readonly rows: number;
}

/** Fixed limits. A field of an address has at most 50 characters (addressing-services section 1.1). */
export const fieldLimits = {
  /** Characters (UTF-16 units) of a field that a service knows, an option or a name; also the longest advisable query. */
  characters: 2_048,
  /** Characters of a user field: it only travels along, and records carry notes and keys of any kind. */
  userFieldCharacters: 65_536,
  userFieldsPerRow: 200,
  optionsPerRequest: 200,
  /** Envelope, port, row, user_fields, user_field, name: six; the rest is slack for SOAP-like wrappers. */
  xmlDepth: 12,
  /** Of one element, namespaces included. */
  xmlAttributes: 100,
} as const;

/** Time limits of the HTTP servers, milliseconds. */
export const timeLimits = {
  /** Longer than the idle limit of a load balancer (60 s), so that the balancer closes first. */
  keepAliveMs: leavingLimits.keepAliveMs,
  headersMs: 15_000,
  /** From the first byte to the last byte of a request. */
  requestMs: leavingLimits.requestMs,
  /** How long the rest of a refused body is read and thrown away, so that the client can read the refusal. */
  lingerMs: 1_000,
  /** A request that names a configuration revision waits this long for the node's copy to reach it. */
  revisionWaitMs: 2_000,
  /** Management calls are refused when the copy of the configuration is older. */
  configurationAgeMs: 60_000,
  /** A verified password is remembered this long; a change of the user ends that at once. */
  verifiedCredentialsMs: 900_000,
  refusedCredentialsMs: 5_000,
  /** A session token ends when it is not used for this long (rest-soap-conventions section 6). */
  sessionIdleMs: 30 * 60_000,
  /** How often a session in steady use is noted: so much earlier it may end when the node that served it is killed. */
  sessionNoteMs: 60_000,
  /** A call that one node passes to another is vouched for this long. */
  forwardedMs: 30_000,
  /** The other node has this long to answer. */
  forwardedAnswerMs: 40_000,
  /** The platform has this long to say what it knows of the clock. */
  metadataMs: 2_000,
  /** A key seals new tokens for this long; it opens them for as long as it is kept. */
  tokenKeyMs: 30 * 24 * 3_600_000,
  /** How far apart the clocks of two nodes may be. */
  clockSkewMs: 60_000,
} as const;
