import { managementPaths } from '../contract/management.ts';
import type { FiresView, FireView } from '../contract/schedules.ts';
import type { Transport } from './transport.ts';

/** What there is of schedules besides the objects of the kind. */
export class Schedules {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The next times, and what became of those before, newest first. */
  fires(name: string, limit = 100): Promise<FiresView> {
    return this.#transport.readJson({ path: `${this.#pathOf(name)}/fires`, query: { limit } });
  }

  runNow(name: string): Promise<FireView> {
    return this.#transport.readJson({ method: 'POST', path: `${this.#pathOf(name)}/run`, body: {} });
  }

  #pathOf(name: string): string {
    return `${managementPaths.schedules}/${encodeURIComponent(name)}`;
  }
}
