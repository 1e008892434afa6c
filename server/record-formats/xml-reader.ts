import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Row, Value } from '../dataflow/index.ts';
import type { FileField, FileLayout } from './file-settings.ts';
import { createFieldParser, NoValue, type OnNoValue } from './nested-values.ts';
import { type PathStep, parsePath } from './path.ts';
import {
  MalformedText,
  type RecordStreamProps,
  readBlocks,
  type StreamPosition,
  withoutMark,
} from './record-stream.ts';

/** An element within a record. */
export interface XmlElement {
  readonly name: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  text: string;
}

interface XmlAttribute {
  readonly name: string;
  readonly uri: string;
  readonly value: string;
}

interface XmlBlock {
  readonly records: (XmlElement | MalformedText)[];
  readonly position: StreamPosition;
}

/** Namespace of `xsi:nil`, which says that an element is there and has no value (XML Schema part 1 section 2.6.2). */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * The elements of a name anywhere in an XML document, one block after the other; the document is never in memory as a
 * whole. A reader that goes on reads the document from its beginning, as what comes first gives prefixes their meaning.
 */
export async function* streamXml(
  { recordElement, namespaces }: Pick<FileLayout, 'recordElement' | 'namespaces'>,
  { encoding, from, ...props }: Omit<RecordStreamProps, 'cutter' | 'recordSeparator'>,
): AsyncGenerator<XmlBlock> {
  const collector = new RecordCollector(nameTest(recordElement, namespaces));
  let record = 0;
  let carried: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const take = (): XmlBlock => {
    const records = collector.take();
    const passed = Math.max(0, Math.min(records.length, (from?.record ?? 0) - record));
    record += records.length;
    return { records: records.slice(passed), position: { byte: 0, record } };
  };
  for await (const block of readBlocks(props, 0)) {
    const bytes = carried.length === 0 ? block : Buffer.concat([carried, block]);
    const whole = encoding.wholeBytes(bytes);
    carried = bytes.subarray(whole);
    const text = encoding.decode(bytes.subarray(0, whole));
    const goesOn = collector.write(isFirst ? withoutMark(text) : text);
    isFirst = false;
    const given = take();
    if (given.records.length > 0) yield given;
    if (!goesOn) return;
  }
  collector.write(encoding.decode(carried));
  collector.end();
  const last = take();
  if (last.records.length > 0) yield last;
}

type NameTest = (element: { readonly name: string; readonly uri: string }) => boolean;

/** A name with a prefix is of that namespace; one without, of any. */
function nameTest(text: string, namespaces: Readonly<Record<string, string>>): NameTest {
  const [prefix = '', local] = text.split(':');
  if (local === undefined) return ({ name }) => name === prefix;
  const uri = namespaces[prefix] ?? '';
  return (element) => element.name === local && element.uri === uri;
}

/** Builds the elements of records, and nothing of what is around them. */
class RecordCollector {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: XmlElement[] = [];
  #records: (XmlElement | MalformedText)[] = [];
  #isBroken = false;

  constructor(isRecord: NameTest) {
    this.#parser.on('opentag', (tag: SaxesTagNS) => {
      const isInside = this.#open.length > 0;
      if (!isInside && !isRecord({ name: tag.local, uri: tag.uri })) return;
      const element = toElement(tag);
      this.#open.at(-1)?.children.push(element);
      this.#open.push(element);
    });
    this.#parser.on('text', (text) => this.#add(text));
    this.#parser.on('cdata', (text) => this.#add(text));
    this.#parser.on('closetag', () => {
      const closed = this.#open.pop();
      if (closed !== undefined && this.#open.length === 0) this.#records.push(closed);
    });
    this.#parser.on('error', ({ message }) => {
      if (!this.#isBroken) this.#records.push(new MalformedText(`the XML document cannot be read on: ${message}`, ''));
      this.#isBroken = true;
    });
  }

  /** False when the document cannot be read on. */
  write(text: string): boolean {
    if (!this.#isBroken) this.#parser.write(text);
    return !this.#isBroken;
  }

  end(): void {
    if (!this.#isBroken) this.#parser.close();
  }

  take(): (XmlElement | MalformedText)[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #add(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined && !this.#isBroken) element.text += text;
  }
}

function toElement({ local, uri, attributes }: SaxesTagNS): XmlElement {
  const given = Object.values(attributes).map((one) => ({ name: one.local, uri: one.uri, value: one.value }));
  return { name: local, uri, attributes: given, children: [], text: '' };
}

/** Reads an element as a row; or says why it is none. */
export function createXmlRowReader(
  { fields, namespaces }: Pick<FileLayout, 'fields' | 'namespaces'>,
  onNoValue: OnNoValue,
): (element: XmlElement) => Row | string {
  const read = createElementReader(fields, namespaces, onNoValue);
  return (element) => {
    try {
      return read(element);
    } catch (error) {
      if (error instanceof NoValue) return error.message;
      throw error;
    }
  };
}

function createElementReader(
  fields: readonly FileField[],
  namespaces: Readonly<Record<string, string>>,
  onNoValue: OnNoValue,
): (element: XmlElement) => Row {
  const readers = fields.map((field) => {
    const steps = xmlStepsOf(field).map((step) => ({ ...step, test: nameTest(step.name, namespaces) }));
    return field.type === 'list'
      ? createListReader(field, steps, namespaces, onNoValue)
      : createValueReader(field, steps, onNoValue);
  });
  return (element) => readers.map((read) => read(element));
}

export function xmlStepsOf({ name, path }: FileField): readonly PathStep[] {
  return path === undefined ? [{ name, index: undefined, isAttribute: false }] : parsePath(path, '/');
}

type TestedStep = PathStep & { readonly test: NameTest };

function createListReader(
  { fields = [] }: FileField,
  steps: readonly TestedStep[],
  namespaces: Readonly<Record<string, string>>,
  onNoValue: OnNoValue,
): (element: XmlElement) => Value {
  const read = createElementReader(fields as readonly FileField[], namespaces, onNoValue);
  const last = steps.at(-1);
  return (element) => {
    const parent = walk(element, steps.slice(0, -1));
    return (parent?.children ?? []).filter((child) => last?.test(child)).map(read);
  };
}

function createValueReader(
  field: FileField,
  steps: readonly TestedStep[],
  onNoValue: OnNoValue,
): (element: XmlElement) => Value {
  const parse = createFieldParser(field, onNoValue);
  const last = steps.at(-1);
  if (last?.isAttribute) {
    return (element) => {
      const found = walk(element, steps.slice(0, -1))?.attributes.find((attribute) => last.test(attribute));
      return found === undefined ? null : parse(found.value);
    };
  }
  return (element) => {
    const found = walk(element, steps);
    return found === undefined || isNil(found) ? null : parse(found.text);
  };
}

function walk(element: XmlElement, steps: readonly TestedStep[]): XmlElement | undefined {
  let found: XmlElement | undefined = element;
  for (const { test, index = 0 } of steps) {
    let left = index;
    found = found?.children.find((child) => test(child) && left-- === 0);
  }
  return found;
}

function isNil({ attributes }: XmlElement): boolean {
  return attributes.some(({ name, uri, value }) => name === 'nil' && uri === instanceNamespace && value === 'true');
}
