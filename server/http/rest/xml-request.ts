import { SpectrumError } from '../../foundation/errors.ts';
import { formatList, type ListDefinition } from '../../services/index.ts';
import { fieldLimits } from '../limits.ts';
import { type ElementListener, readXml, type XmlElement } from '../xml/reader.ts';
import {
  assertListField,
  assertRowCount,
  assertText,
  type InputShape,
  noUserFields,
  type RowDraft,
  refuseDuplicate,
  type ServiceCall,
  type UserField,
  userFieldText,
} from './call.ts';

/**
 * Reads an XML request (rest-soap-conventions section 3). Elements may be in the service's namespace (pb.com or
 * precisely.com) or in none. Throws `MALFORMED_XML`, or `INVALID_REQUEST` naming the element. Document types are
 * refused, so there are no entities to expand.
 */
export function parseXmlRequest(shape: InputShape, text: string, rowLimit: number): ServiceCall {
  const reader = new RequestReader(shape, rowLimit);
  readXml(text, reader);
  return reader.call();
}

/** Where the reader stands; each state names the children it knows. */
type Place =
  | 'document'
  | 'request'
  | 'options'
  | 'option'
  | 'port'
  | 'row'
  | 'field'
  | 'list'
  | 'listRow'
  | 'listField'
  | 'userFields'
  | 'userField'
  | 'name'
  | 'value';

/**
 * ```
 * request ─ options ─ option
 *         └ port ─ row ─ field, or list ─ listRow ─ listField
 *                      └ user_fields ─ user_field ─ name, value
 * ```
 */
export class RequestReader implements ElementListener {
  readonly #rows: RowDraft[] = [];
  readonly #userFields: (readonly UserField[])[] = [];
  readonly #options = Object.create(null) as Record<string, string>;
  readonly #places: Place[] = ['document'];
  #element = '';
  #text = '';
  #isNil = false;
  #list: ListDraft | undefined;
  #row: RowDraft;
  #rowUserFields: UserField[] = [];
  #userField: { name?: string; value?: string } = {};

  constructor(
    readonly shape: InputShape,
    readonly rowLimit: number,
  ) {
    this.#row = { ...shape.emptyRow };
  }

  call(): ServiceCall {
    return { rows: this.#rows, userFields: this.#userFields, options: this.#options };
  }

  open({ name, namespace, isNil }: XmlElement): void {
    const { service } = this.shape;
    if (namespace !== '' && !isServiceNamespace(namespace, service)) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `${name}: namespace ${JSON.stringify(namespace.slice(0, 200))} is not that of ${service}; use http://www.pb.com/spectrum/services/${service} or none`,
        { field: name },
      );
    }
    const place = this.#place();
    const next = this.#childOf(place, name);
    if (next === undefined) throw this.#refuseElement(place, name);
    if (next === 'row') this.#beginRow();
    if (next === 'userField') this.#userField = {};
    if (next === 'list') this.#beginList(name);
    if (next === 'listRow') this.#list?.rows.push({});
    if (next === 'listField' && this.#list !== undefined) assertListField(this.#list.name, this.#list.definition, name);
    this.#places.push(next);
    this.#element = name;
    this.#text = '';
    this.#isNil = isNil;
  }

  text(piece: string): void {
    if (leaves.has(this.#place())) {
      this.#text += piece;
      return;
    }
    if (piece.trim() === '') return;
    throw new SpectrumError(
      'INVALID_REQUEST',
      `Text ${JSON.stringify(piece.trim().slice(0, 40))} stands between elements; put it into a field`,
      {},
    );
  }

  close(): void {
    const place = this.#places.pop();
    if (place !== undefined && leaves.has(place)) {
      const isUserField = place === 'value' || (place === 'field' && !this.shape.fields.has(this.#element));
      const label = place === 'value' ? (this.#userField.name ?? place) : this.#element;
      assertText(label, this.#text, isUserField ? userFieldText : undefined);
    }
    switch (place) {
      case 'option':
        if (this.#options[this.#element] !== undefined) throw refuseDuplicate(this.#element);
        this.#options[this.#element] = this.#text;
        break;
      case 'field':
        if (this.#isNil) break;
        this.#endField(this.#element, this.#text);
        break;
      case 'listField':
        if (!this.#isNil) this.#endListField(this.#element, this.#text);
        break;
      case 'list':
        if (this.#list !== undefined) this.#row[this.#list.name] = formatList(this.#list.rows);
        this.#list = undefined;
        break;
      case 'name':
      case 'value':
        this.#userField[place] = this.#text;
        break;
      case 'userField':
        this.#endUserField();
        break;
      case 'row':
        this.#userFields.push(this.#rowUserFields.length === 0 ? noUserFields : this.#rowUserFields);
        break;
      default:
    }
  }

  #place(): Place {
    return this.#places.at(-1) ?? 'document';
  }

  #childOf(place: Place, name: string): Place | undefined {
    const { service, portNames, rowNames } = this.shape;
    switch (place) {
      case 'document':
        return name === `${service}Request` || name === `xml.${service}Request` ? 'request' : undefined;
      case 'request':
        return name === 'options' ? 'options' : portNames.has(name) ? 'port' : undefined;
      case 'options':
        return 'option';
      case 'port':
        return rowNames.has(name) ? 'row' : undefined;
      case 'row':
        if (name === 'user_fields') return 'userFields';
        return this.shape.lists.has(name) ? 'list' : 'field';
      case 'list':
        return name === this.#list?.definition.row ? 'listRow' : undefined;
      case 'listRow':
        return 'listField';
      case 'userFields':
        return name === 'user_field' ? 'userField' : undefined;
      case 'userField':
        return name === 'name' || name === 'value' ? name : undefined;
      default:
        return undefined;
    }
  }

  #refuseElement(place: Place, name: string): SpectrumError {
    const { service, port, row } = this.shape;
    const expected: Partial<Record<Place, string>> = {
      document: `${service}Request as the root`,
      request: `options and ${port}`,
      port: row,
      list: this.#list?.definition.row ?? '',
      userFields: 'user_field',
      userField: 'name and value',
    };
    const parent = place === 'document' ? 'the root element' : `inside ${this.#element || place}`;
    return new SpectrumError(
      'INVALID_REQUEST',
      `${name} (${parent}) is not known; use ${expected[place] ?? 'text without elements'}`,
      { field: name },
    );
  }

  #beginRow(): void {
    assertRowCount(this.#rows.length + 1, this.rowLimit);
    this.#row = { ...this.shape.emptyRow };
    this.#rowUserFields = [];
    this.#rows.push(this.#row);
  }

  #beginList(name: string): void {
    if (this.#row[name] !== undefined) throw refuseDuplicate(name);
    this.#list = { name, definition: this.shape.lists.get(name) as ListDefinition, rows: [] };
  }

  #endListField(name: string, text: string): void {
    const row = this.#list?.rows.at(-1);
    if (row === undefined) return;
    if (row[name] !== undefined) throw refuseDuplicate(name);
    row[name] = text;
  }

  #endField(name: string, text: string): void {
    if (!this.shape.fields.has(name)) {
      this.#addUserField({ name, value: text });
      return;
    }
    if (this.#row[name] !== undefined) throw refuseDuplicate(name);
    this.#row[name] = text;
  }

  #endUserField(): void {
    const { name, value } = this.#userField;
    if (name === undefined || name === '') {
      throw new SpectrumError('INVALID_REQUEST', 'user_field: the name is missing', { field: 'user_field' });
    }
    this.#addUserField({ name, value: value ?? '' });
  }

  #addUserField(field: UserField): void {
    if (this.#rowUserFields.length >= fieldLimits.userFieldsPerRow) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `A row has at most ${fieldLimits.userFieldsPerRow} user fields; send fewer`,
        {
          field: 'user_fields',
        },
      );
    }
    this.#rowUserFields.push(field);
  }
}

/** A list field under construction. */
interface ListDraft {
  readonly name: string;
  readonly definition: ListDefinition;
  readonly rows: RowDraft[];
}

const leaves: ReadonlySet<Place> = new Set(['option', 'field', 'listField', 'name', 'value']);

/** Both owners' names of the namespace are in use, with and without the final slash. */
function isServiceNamespace(namespace: string, service: string): boolean {
  const match = /^https?:\/\/www\.(?:pb|precisely)\.com\/spectrum\/services\/([^/]*)\/?$/.exec(namespace);
  return match !== null && (match[1] === service || match[1] === '');
}
