import type { OutputRow } from '../../services/index.ts';

/**
 * Puts the fields that a row has into published order. A row has some twenty of a service's eighty or more fields, so
 * looking at what is there and sorting it (mostly it is in order) costs half of asking for every field.
 */
export class FieldOrder {
  readonly #positions: ReadonlyMap<string, number>;
  readonly #omitsEmpty: boolean;
  /** Positions of the present fields, ascending; the first `count` of the last call are valid. */
  readonly present: number[];

  constructor(names: readonly string[], emptyValues: 'omit' | 'keep') {
    this.#positions = new Map(names.map((name, position) => [name, position]));
    this.#omitsEmpty = emptyValues === 'omit';
    this.present = names.map(() => 0);
  }

  /** Fills `present` and returns how many of its entries count; what is no output field of the service is left out. */
  sort(row: OutputRow): number {
    const { present } = this;
    let count = 0;
    for (const name in row) {
      const value = row[name];
      if (value === undefined || (this.#omitsEmpty && value === '')) continue;
      const position = this.#positions.get(name);
      if (position === undefined) continue;
      let place = count;
      while (place > 0 && (present[place - 1] as number) > position) {
        present[place] = present[place - 1] as number;
        place -= 1;
      }
      present[place] = position;
      count += 1;
    }
    return count;
  }
}
