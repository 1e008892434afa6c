import type { Row, Value } from '../dataflow/index.ts';
import type { FileField, FileLayout } from './file-settings.ts';
import { createFieldFormatter } from './nested-values.ts';
import { instanceNamespace, xmlStepsOf } from './xml-reader.ts';

/** An element to write: which columns are its text, attributes and children. */
interface ElementPlan {
  readonly name: string;
  readonly index: number | undefined;
  readonly attributes: { readonly name: string; readonly column: Column }[];
  readonly children: (ElementPlan | ListPlan)[];
  text: Column | undefined;
}

/** An element that is written for each row of a list. */
interface ListPlan {
  readonly name: string;
  readonly list: Column;
  readonly element: ElementPlan;
}

interface Column {
  readonly position: number;
  format(value: Value): string;
}

type XmlLayout = Pick<
  FileLayout,
  'fields' | 'recordElement' | 'rootElement' | 'namespaces' | 'encoding' | 'recordSeparator'
>;

/** An XML document, record by record; what is between `begin` and `end` are the records. */
export function createXmlFormatter(layout: XmlLayout, lineEnd: string) {
  const { fields, recordElement, rootElement, namespaces, encoding } = layout;
  const plan = planElement(recordElement, undefined, fields);
  const declared = Object.entries({ ...namespaces, xsi: instanceNamespace });
  const declarations = declared.map(([prefix, uri]) => ` xmlns:${prefix}="${escapeText(uri)}"`).join('');
  return {
    begin: () => `<?xml version="1.0" encoding="${encoding}"?>${lineEnd}<${rootElement}${declarations}>${lineEnd}`,
    format: (row: Row) => writeElement(plan, row, true) + lineEnd,
    end: () => `</${rootElement}>${lineEnd}`,
  };
}

function planElement(name: string, index: number | undefined, fields: readonly FileField[]): ElementPlan {
  const plan: ElementPlan = { name, index, attributes: [], children: [], text: undefined };
  for (const [position, field] of fields.entries()) {
    const steps = xmlStepsOf(field);
    const last = steps.at(-1);
    let element = plan;
    const isOwn = last !== undefined && (last.isAttribute || field.type === 'list');
    for (const step of isOwn ? steps.slice(0, -1) : steps) element = childOf(element, step.name, step.index);
    const column: Column = { position, format: field.type === 'list' ? String : createFieldFormatter(field) };
    if (!isOwn) element.text = column;
    else if (last.isAttribute) element.attributes.push({ name: last.name, column });
    else {
      const inner = planElement(last.name, undefined, (field.fields ?? []) as readonly FileField[]);
      element.children.push({ name: last.name, list: column, element: inner });
    }
  }
  return plan;
}

function childOf(parent: ElementPlan, name: string, index: number | undefined): ElementPlan {
  const known = parent.children.find(
    (child): child is ElementPlan => !('list' in child) && child.name === name && (child.index ?? 0) === (index ?? 0),
  );
  if (known !== undefined) return known;
  const child = planElement(name, index, []);
  const places = parent.children.filter((one): one is ElementPlan => !('list' in one) && one.name === name);
  const next = places.find((one) => (one.index ?? 0) > (index ?? 0));
  parent.children.splice(next === undefined ? parent.children.length : parent.children.indexOf(next), 0, child);
  return child;
}

/** Empty when there is nothing to say, unless others of its name are counted from it. */
function writeElement(plan: ElementPlan, row: Row, isNeeded: boolean): string {
  const { name, attributes, children, text } = plan;
  let head = `<${name}`;
  for (const { name: attribute, column } of attributes) {
    const value = row[column.position] ?? null;
    if (value !== null) head += ` ${attribute}="${escapeText(column.format(value))}"`;
  }
  let body = '';
  for (const child of children)
    body += 'list' in child ? writeList(child, row) : writeElement(child, row, child.index !== undefined);
  const value = text === undefined ? null : (row[text.position] ?? null);
  if (value !== null) return `${head}>${escapeText(text?.format(value) ?? '')}${body}</${name}>`;
  const isEmpty = body === '' && head.length === name.length + 1;
  if (isEmpty && !isNeeded) return '';
  if (text !== undefined) head += ' xsi:nil="true"';
  return body === '' ? `${head}/>` : `${head}>${body}</${name}>`;
}

function writeList({ list, element }: ListPlan, row: Row): string {
  const rows = (row[list.position] as Row[] | null | undefined) ?? [];
  return rows.map((one) => writeElement(element, one, true)).join('');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Parsers would make a space or a line feed of these.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** What XML 1.0 cannot hold becomes the replacement character. */
function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (letter) => escapes[letter] ?? letter);
}
