import type { FieldType } from './values.ts';

export interface LayoutField {
  readonly name: string;
  readonly type: FieldType;
  /** The fields of a list's rows. */
  readonly fields?: readonly LayoutField[];
}

/** Names, types and positions of the fields that flow through a channel; names are unique and case-sensitive. */
export class Layout {
  static readonly empty = new Layout([]);

  readonly fields: readonly LayoutField[];
  readonly #positions: ReadonlyMap<string, number>;

  constructor(fields: readonly LayoutField[]) {
    this.fields = Object.freeze([...fields]);
    this.#positions = new Map(fields.map(({ name }, position) => [name, position]));
    if (this.#positions.size !== fields.length) {
      throw new RangeError(
        `the fields of a layout have names of their own: ${fields.map(({ name }) => name).join(', ')}`,
      );
    }
  }

  get width(): number {
    return this.fields.length;
  }

  /** Position of a field in a row; -1 when there is none of this name. */
  positionOf(name: string): number {
    return this.#positions.get(name) ?? -1;
  }

  find(name: string): LayoutField | undefined {
    return this.fields[this.positionOf(name)];
  }

  names(): readonly string[] {
    return this.fields.map(({ name }) => name);
  }

  /** This layout with more fields behind it; a field that is there already keeps its place and takes the new type. */
  with(fields: readonly LayoutField[]): Layout {
    const added = new Map(fields.map((field) => [field.name, field]));
    const kept = this.fields.map((field) => added.get(field.name) ?? field);
    return new Layout([...kept, ...fields.filter(({ name }) => this.positionOf(name) < 0)]);
  }

  /** The same layout, which adds to `names` every field of its own that is looked up. */
  noting(names: Set<string>): Layout {
    return new NotingLayout(this.fields, names);
  }

  /** Whether rows of one layout may be used as rows of the other. */
  equals(other: Layout): boolean {
    return haveEqualFields(this.fields, other.fields);
  }
}

class NotingLayout extends Layout {
  readonly #names: Set<string>;

  constructor(fields: readonly LayoutField[], names: Set<string>) {
    super(fields);
    this.#names = names;
  }

  override positionOf(name: string): number {
    const position = super.positionOf(name);
    if (position >= 0) this.#names.add(name);
    return position;
  }
}

function haveEqualFields(left: readonly LayoutField[], right: readonly LayoutField[]): boolean {
  return (
    left.length === right.length &&
    left.every((field, index) => {
      const other = right[index];
      if (other === undefined || field.name !== other.name || field.type !== other.type) return false;
      return haveEqualFields(field.fields ?? [], other.fields ?? []);
    })
  );
}
