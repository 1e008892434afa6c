import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { type OptionTable, type OptionValues, parseOptions, type ServiceDefinition } from '../../services/index.ts';
import { fieldLimits } from '../limits.ts';
import { type ConfigurationState, isSameState } from '../security/configuration-state.ts';
import { noOptions } from './call.ts';

/** Value of a `service-default`: options that requests to the service of that name need not send. */
interface ServiceDefault {
  readonly options: Readonly<Record<string, string>>;
  /** Names of database resources by option, kept apart so that a resource in use is not deleted. */
  readonly databaseResources?: Readonly<Record<string, string>>;
}

type GivenOptions = Readonly<Record<string, string>>;

const rememberedOptionSets = 256;

/**
 * Reads the options of a service's calls: request over saved service default over factory default
 * (rest-soap-conventions section 2). Callers send the same few sets again and again, so parsed sets are remembered.
 */
export class OptionReader {
  readonly #definition: ServiceDefinition;
  readonly #parsed = new Map<string, OptionValues<OptionTable>>();
  #saved: GivenOptions = noOptions;
  /** Of the saved default; a forced move may use the number of its revision again. */
  #savedState: ConfigurationState = { epoch: 0, revision: 0 };

  constructor(definition: ServiceDefinition) {
    this.#definition = definition;
  }

  /** Complete, frozen option values; throws `INVALID_OPTION` naming the option and what it allows. */
  read(given: GivenOptions, snapshot: ConfigurationSnapshot): OptionValues<OptionTable> {
    this.#refreshSaved(snapshot);
    const key = given === noOptions ? '' : JSON.stringify(given);
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const count = Object.keys(given).length;
    if (count > fieldLimits.optionsPerRequest) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `${count} options are too many; send at most ${fieldLimits.optionsPerRequest}`,
        {
          limit: fieldLimits.optionsPerRequest,
        },
      );
    }
    const values = parseOptions(this.#definition.options, { ...this.#saved, ...withoutEmpty(given) });
    if (this.#parsed.size >= rememberedOptionSets) this.#parsed.clear();
    this.#parsed.set(key, values);
    return values;
  }

  #refreshSaved(snapshot: ConfigurationSnapshot): void {
    const saved = snapshot.find<ServiceDefault>('service-default', this.#definition.name);
    const state = { epoch: snapshot.epoch, revision: saved?.revision ?? 0 };
    if (isSameState(state, this.#savedState)) return;
    this.#savedState = state;
    this.#saved = saved === undefined ? noOptions : { ...saved.value.databaseResources, ...saved.value.options };
    this.#parsed.clear();
  }
}

/** An option sent empty means its default, saved or built in. */
function withoutEmpty(given: GivenOptions): GivenOptions {
  const entries = Object.entries(given).filter(([, value]) => value !== '');
  return Object.fromEntries(entries);
}
