import { SpectrumError } from '../../foundation/errors.ts';
import { type ElementListener, readXml, type XmlElement } from '../xml/reader.ts';
import { type SoapVersion, soap11, soap12 } from './versions.ts';

/**
 * Reads a SOAP message and hands what stands in its body to `content`; returns the version of the envelope. Header
 * blocks are ignored, save those that must be understood, as no extension is. Throws `MALFORMED_XML` or
 * `INVALID_REQUEST`.
 */
export function readEnvelope(text: string, content: ElementListener): SoapVersion {
  const reader = new EnvelopeReader(content);
  readXml(text, reader);
  return reader.version();
}

/** Writes what stands around an answer in an envelope of `version`. */
export function frameEnvelope({ namespace }: SoapVersion): { readonly opening: string; readonly closing: string } {
  return {
    opening: `<soap:Envelope xmlns:soap="${namespace}"><soap:Body>`,
    closing: '</soap:Body></soap:Envelope>',
  };
}

/**
 * ```
 * Envelope ┬ Header ─ block*
 *          └ Body ─ one element, which `content` reads
 * ```
 */
class EnvelopeReader implements ElementListener {
  readonly #content: ElementListener;
  #version: SoapVersion | undefined;
  #part: 'none' | 'Header' | 'Body' = 'none';
  #bodies = 0;
  #depth = 0;

  constructor(content: ElementListener) {
    this.#content = content;
  }

  version(): SoapVersion {
    if (this.#version === undefined || this.#bodies === 0) throw refuse('the Body has no request in it');
    return this.#version;
  }

  open(element: XmlElement): void {
    this.#depth += 1;
    if (this.#depth === 1) this.#openEnvelope(element);
    else if (this.#depth === 2) this.#openPart(element);
    else if (this.#part === 'Body') this.#openContent(element);
    else if (this.#depth === 3) assertNotCompulsory(element);
  }

  text(piece: string): void {
    if (this.#part === 'Body' && this.#depth > 2) this.#content.text(piece);
    else if (this.#part !== 'Header' && piece.trim() !== '') throw refuse('text stands outside the Body');
  }

  close(): void {
    if (this.#part === 'Body' && this.#depth > 2) this.#content.close();
    if (this.#depth === 2) this.#part = 'none';
    this.#depth -= 1;
  }

  #openEnvelope({ name, namespace }: XmlElement): void {
    this.#version = [soap11, soap12].find((version) => version.namespace === namespace);
    if (name === 'Envelope' && this.#version !== undefined) return;
    throw refuse(`the root element is ${name}; send an Envelope in the namespace ${soap11.namespace}`);
  }

  #openPart({ name, namespace }: XmlElement): void {
    if (namespace !== this.#version?.namespace || (name !== 'Header' && name !== 'Body')) {
      throw refuse(`${name} stands in the Envelope; send a Body in the namespace of the Envelope`);
    }
    this.#part = name;
  }

  #openContent(element: XmlElement): void {
    if (this.#depth === 3) {
      this.#bodies += 1;
      if (this.#bodies > 1) throw refuse('the Body has more than one request; send one');
    }
    this.#content.open(element);
  }
}

function assertNotCompulsory(block: XmlElement): void {
  const value = block.attribute('mustUnderstand');
  if (value !== '1' && value !== 'true') return;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `The header ${block.name} must be understood, and it is not; send credentials by HTTP and no such header`,
    { header: block.name, fault: 'MustUnderstand' },
  );
}

function refuse(sentence: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `This is not a SOAP message: ${sentence}`, {});
}
