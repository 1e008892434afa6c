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
  parser.on('error', (error) => {
    throw refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  });
  parser.on('doctype', () => {
    throw refuse('a document type is not allowed; send the elements alone');
  });
  // At the root rather than by the parser's event for it: one listener more, and V8 gives the parser a dictionary for
  // its fields, which makes all of it three times slower.
  const assertDeclaration = () => {
    const { encoding, version = '1.0' } = parser.xmlDecl;
    // XML 1.1 reads other characters as line ends, so that text would not come back as it was sent.
    if (version !== '1.0') throw refuse(`version ${version}; send XML 1.0`);
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      throw refuse(`encoding ${encoding}; send UTF-8`);
  };
  parser.on('opentag', (tag: SaxesTagNS) => {
    depth += 1;
    if (depth === 1) assertDeclaration();
    if (depth > fieldLimits.xmlDepth) throw refuse(`elements are nested deeper than ${fieldLimits.xmlDepth}`);
    const attributes = listAttributes(tag);
    if (attributes.length > fieldLimits.xmlAttributes) {
      throw refuse(`an element has more than ${fieldLimits.xmlAttributes} attributes`);
    }
    listener.open(new OpenedElement(tag.local, tag.uri, attributes));
  });
  parser.on('text', (piece) => listener.text(piece));
  parser.on('cdata', (piece) => listener.text(piece));
  parser.on('closetag', () => {
    depth -= 1;
    listener.close();
  });
  parser.write(text).close();
}

class OpenedElement implements XmlElement {
  readonly #attributes: readonly SaxesAttributeNS[];

  constructor(
    readonly name: string,
    readonly namespace: string,
    attributes: readonly SaxesAttributeNS[],
  ) {
    this.#attributes = attributes;
  }

  get isNil(): boolean {
    const nil = this.attribute('nil');
    return nil === 'true' || nil === '1';
  }

  attribute(name: string): string | undefined {
    return this.#attributes.find(({ local }) => local === name)?.value;
  }
}

const noAttributes: readonly SaxesAttributeNS[] = [];

/** Nearly no element of a request has attributes. */
function listAttributes({ attributes }: SaxesTagNS): readonly SaxesAttributeNS[] {
  for (const _name in attributes) return Object.values(attributes);
  return noAttributes;
}
