import { randomBytes } from 'node:crypto';
import type { Configuration, ConfigurationObject, TokenKey } from '../../configuration/index.ts';
import type { Clock } from '../../foundation/clock.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import { type ConfigurationState, isSameState } from './configuration-state.ts';
import { sealingKeyBytes } from './sealing.ts';

export interface TokenKeysProps {
  readonly configuration: Configuration;
  readonly clock: Clock;
}

/**
 * The keys under which tokens are sealed, shared by all nodes through the configuration. The newest seals; older ones
 * still open, as tokens may live without end. Deleting a key ends every token it sealed.
 */
export class TokenKeys {
  readonly #props: TokenKeysProps;
  #known: readonly Buffer[] = [];
  #knownState: ConfigurationState | undefined;

  constructor(props: TokenKeysProps) {
    this.#props = props;
  }

  /** Newest first. */
  all(): readonly Buffer[] {
    const snapshot = this.#props.configuration.snapshot();
    if (this.#knownState === undefined || !isSameState(this.#knownState, snapshot)) {
      this.#known = this.#objects().map(({ value }) => Buffer.from(value.secret, 'base64url'));
      this.#knownState = { epoch: snapshot.epoch, revision: snapshot.revision };
    }
    return this.#known;
  }

  /** The key for new tokens: a fresh one when there is none yet or the newest has served its time. */
  async current(): Promise<Buffer> {
    const [newest] = this.#objects();
    const { configuration, clock } = this.#props;
    const isFresh = newest !== undefined && clock.nowMs() - newest.value.createdAtMs < timeLimits.tokenKeyMs;
    if (!isFresh) await this.#add((newest?.value.number ?? 0) + 1);
    const [key] = this.all();
    if (key !== undefined) return key;
    throw new SpectrumError('CONFIGURATION_UNAVAILABLE', 'The key for tokens could not be read; try again', {
      revision: configuration.snapshot().revision,
    });
  }

  /** Several nodes may do this at once: one write wins, and its key is everybody's. */
  async #add(number: number): Promise<void> {
    const { configuration, clock } = this.#props;
    const secret = randomBytes(sealingKeyBytes).toString('base64url');
    try {
      await configuration.commit({
        kind: 'token-key',
        name: `key-${number}`,
        operation: 'put',
        value: { number, secret, createdAtMs: clock.nowMs() } satisfies TokenKey,
        expected: 'absent',
        by: 'token service',
      });
    } catch (error) {
      if (!(error instanceof SpectrumError && error.code === 'REVISION_CONFLICT')) throw error;
    }
  }

  #objects(): readonly ConfigurationObject<TokenKey>[] {
    const objects = this.#props.configuration.snapshot().list<TokenKey>('token-key');
    return [...objects].sort((left, right) => right.value.number - left.value.number);
  }
}
