import { SaxesParser, type SaxesTagNS } from 'saxes';

/** An element of a parsed document; `name` is without prefix. */
export interface XmlNode {
  readonly name: string;
  /** As written, prefix included. */
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  text: string;
}

/** Parses strictly: a document that is not well-formed throws. */
export function parseXmlTree(document: string): XmlNode {
  const parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  const root: XmlNode = { name: '', qualifiedName: '', namespace: '', attributes: {}, children: [], text: '' };
  const path = [root];
  const top = () => path.at(-1) as XmlNode;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, name, uri, attributes }: SaxesTagNS) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
    const node = { name: local, qualifiedName: name, namespace: uri, attributes: Object.fromEntries(values) };
    const child: XmlNode = { ...node, children: [], text: '' };
    top().children.push(child);
    path.push(child);
  });
  parser.on('text', (text) => {
    top().text += text;
  });
  parser.on('closetag', () => void path.pop());
  parser.write(document).close();
  return root.children[0] as XmlNode;
}

/** Children of a name; every child when the name is missing. */
export function childrenOf(node: XmlNode | undefined, name?: string): readonly XmlNode[] {
  return (node?.children ?? []).filter((child) => name === undefined || child.name === name);
}

/** All elements of a name below `node`, in document order. */
export function descendantsOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendantsOf(child, name)]);
}
