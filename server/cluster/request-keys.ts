import { runtimePartitions } from '../../contract/runtime-table.ts';
import { optionalTextOf, type Table, textOf } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RequestKey, SentKey } from '../foundation/request-key.ts';

export interface RequestKeysProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  nowMs(): number;
}

/** A client sends a request again for seconds; a schedule, as long as the longest catch-up window, which is a week. */
const keySeconds = 8 * 86_400;

/**
 * The id that the first request with the key has chosen; `id` when this is the first one. Throws
 * `IDEMPOTENCY_KEY_REUSED` when a client asked for something else with it.
 */
export async function idOfRequest(
  { table, clusterName, nowMs }: RequestKeysProps,
  kind: 'job' | 'flow',
  key: RequestKey,
  id: string,
): Promise<string> {
  const sent = typeof key === 'string' ? undefined : key;
  const name = typeof key === 'string' ? key : key.name;
  const sort = kind === 'job' ? name : `${kind}/${name}`;
  const place = { partition: `${runtimePartitions.runKeys}#${clusterName}`, sort };
  const expiresAt = Math.ceil(nowMs() / 1_000) + keySeconds;
  const attributes = { run: id, expiresAt, ...(sent !== undefined && { digest: sent.digest }) };
  if ((await table.put(place, attributes, 'absent')) === 'written') return id;
  const standing = await table.get(place, 'strong');
  if (standing === undefined) return id;
  const run = textOf(standing, 'run');
  if (sent !== undefined && (optionalTextOf(standing, 'digest') ?? sent.digest) !== sent.digest)
    throw reused(sent, run);
  return run;
}

function reused({ given }: SentKey, run: string): SpectrumError {
  const sentence = `Idempotency key ${given} was used for another request, which made the run ${run}; send a fresh one`;
  return new SpectrumError('IDEMPOTENCY_KEY_REUSED', sentence, { idempotencyKey: given, run });
}
