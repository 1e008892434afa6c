import type { AddressRow } from './addresses.ts';
import { service } from './requests.ts';

/** Bytes of one SOAP 1.1 message for each hundred rows, as stubs write them; a rest of fewer is left out. */
export function formatSoapPosts(rows: readonly AddressRow[], authorization: string): readonly Buffer[] {
  const batches = Array.from({ length: Math.floor(rows.length / 100) }, (_, index) =>
    rows.slice(index * 100, index * 100 + 100),
  );
  return batches.map((batch) => {
    const body = formatMessage(batch);
    const head = [
      `POST /soap/${service} HTTP/1.1`,
      'Host: localhost',
      `Authorization: ${authorization}`,
      'Content-Type: text/xml; charset=utf-8',
      'SOAPAction: ""',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      '',
    ];
    return Buffer.from(head.join('\r\n') + body);
  });
}

function formatMessage(rows: readonly AddressRow[]): string {
  const addresses = rows.map((row) => {
    const fields = Object.entries(row).map(([name, text]) => `<val:${name}>${escapeText(text)}</val:${name}>`);
    return `<val:Address>${fields.join('')}</val:Address>`;
  });
  return (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `xmlns:val="http://www.pb.com/spectrum/services/${service}"><soapenv:Header/><soapenv:Body>` +
    `<val:${service}Request><val:input_port>${addresses.join('')}</val:input_port></val:${service}Request>` +
    '</soapenv:Body></soapenv:Envelope>'
  );
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
