import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { SpectrumError } from '../../foundation/errors.ts';
import { fieldLimits } from '../limits.ts';

export interface XmlElement {
  readonly name: string;
  /** Empty for an element in no namespace. */
  readonly namespace: string;
  /** `xsi:nil`: the element stands for a missing value. */
  readonly isNil: boolean;
  /** Value of an attribute by its name without prefix. */
  attribute(name: string): string | undefined;
}

export interface ElementListener {
  open(element: XmlElement): void;
  text(text: string): void;
  close(): void;
}

/**
 * Drives `listener` through a document; throws `MALFORMED_XML` with line and column. Document types are refused, so
 * that there are no entities to expand; so are other encodings than UTF-8 and elements nested too deep.
 */
export function readXml(text: string, listener: ElementListener): void {
  const parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  const refuse = (sentence: string) =>
    new SpectrumError('MALFORMED_XML', `The request body is not XML we read: ${sentence} (line ${parser.line})`, {
      line: parser.line,
      column: parser.column,
    });
  let depth = 0;
  let attributes = 0;
  parser.on('error', (error) => {
    throw refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  });
  parser.on('doctype', () => {
    throw refuse('a document type is not allowed; send the elements alone');
  });
  parser.on('xmldecl', ({ encoding, version }) => {
    // XML 1.1 reads other characters as line ends, so that text would not come back as it was sent.
    if (version !== '1.0') throw refuse(`version ${version}; send XML 1.0`);
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      throw refuse(`encoding ${encoding}; send UTF-8`);
  });
  parser.on('opentagstart', () => {
    attributes = 0;
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > fieldLimits.xmlAttributes)
      throw refuse(`an element has more than ${fieldLimits.xmlAttributes} attributes`);
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    depth += 1;
    if (depth > fieldLimits.xmlDepth) throw refuse(`elements are nested deeper than ${fieldLimits.xmlDepth}`);
    listener.open(describe(tag));
  });
  parser.on('text', (piece) => listener.text(piece));
  parser.on('cdata', (piece) => listener.text(piece));
  parser.on('closetag', () => {
    depth -= 1;
    listener.close();
  });
  parser.write(text).close();
}

function describe({ local, uri, attributes }: SaxesTagNS): XmlElement {
  const attribute = (name: string): string | undefined => {
    for (const key in attributes) {
      const candidate = attributes[key] as SaxesAttributeNS;
      if (candidate.local === name) return candidate.value;
    }
    return undefined;
  };
  const nil = attribute('nil');
  return { name: local, namespace: uri, isNil: nil === 'true' || nil === '1', attribute };
}
