import { SaxesParser } from 'saxes';
import { SpectrumError } from '../foundation/errors.ts';

/** An element of a parsed document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Text of its own, sections of character data included. */
  text: string;
  /** Where it begins and ends in the text that was parsed. */
  readonly start: number;
  end: number;
}

/** Exports nest about ten deep; settings of stages are documents of their own. */
const deepest = 64;

/**
 * The root of a document. Throws `MALFORMED_XML` with the line; document types are refused, so that there are no entities
 * to expand, and so is what nests too deep.
 */
export function parseXml(text: string, what: string): XmlElement {
  const parser = new SaxesParser();
  const refuse = (sentence: string) =>
    new SpectrumError('MALFORMED_XML', `${what} is not XML we read: ${sentence} (line ${parser.line})`, {
      line: parser.line,
      column: parser.column,
    });
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '', start: 0, end: text.length };
  const path = [root];
  parser.on('error', (error) => {
    throw refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  });
  parser.on('doctype', () => {
    throw refuse('a document type is not allowed');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (path.length > deepest) throw refuse(`elements are nested deeper than ${deepest}`);
    const start = text.lastIndexOf('<', parser.position - 1);
    const element: XmlElement = { name, attributes: { ...attributes }, children: [], text: '', start, end: start };
    path.at(-1)?.children.push(element);
    path.push(element);
  });
  const addText = (piece: string) => {
    const element = path.at(-1) as XmlElement;
    element.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = path.pop() as XmlElement;
    element.end = parser.position;
  });
  parser.write(text).close();
  return root.children[0] as XmlElement;
}

/** Settings are a document inside a document; its declaration names an encoding that the file does not have. */
export function parseSettings(text: string, what: string): XmlElement {
  return parseXml(text.trim().replace(/^<\?xml[^>]*\?>/, ''), what);
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).filter((child) => child.name === name);
}

/** Text of a child; empty when there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text.trim() ?? '';
}

/** Names of children that are not among the known ones. */
export function unknownChildren(element: XmlElement | undefined, known: readonly string[]): string[] {
  const names = (element?.children ?? []).map(({ name }) => name).filter((name) => !known.includes(name));
  return [...new Set(names)];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}

/** Text as it is; the end of a section inside of it parts it into two. */
export function characterData(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
