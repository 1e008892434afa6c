/** The SOAP versions that a node reads; it answers in the one it was asked in. */
export interface SoapVersion {
  readonly name: '1.1' | '1.2';
  /** Namespace of the envelope. */
  readonly namespace: string;
  readonly contentType: string;
}

/** The version of the published WSDLs. */
export const soap11: SoapVersion = {
  name: '1.1',
  namespace: 'http://schemas.xmlsoap.org/soap/envelope/',
  contentType: 'text/xml;charset=utf-8',
};

export const soap12: SoapVersion = {
  name: '1.2',
  namespace: 'http://www.w3.org/2003/05/soap-envelope',
  contentType: 'application/soap+xml;charset=utf-8',
};

/** The version that a Content-Type announces, for answers to requests whose envelope nobody could read. */
export function versionOf(contentType: string | undefined): SoapVersion {
  return /^\s*application\/soap\+xml/i.test(contentType ?? '') ? soap12 : soap11;
}
