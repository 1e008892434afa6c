import { writeFileSync } from 'node:fs';
import type { AddressRow } from './addresses.ts';

export const service = 'ValidateAddress';
const path = `/rest/${service}/results.json`;

/** Bytes of one GET for each row. */
export function formatGets(rows: readonly AddressRow[], authorization: string): readonly Buffer[] {
  return rows.map((row) => {
    const parameters = Object.entries(row).map(
      ([name, text]) => `Data.${name}=${encodeURIComponent(text).replaceAll('%20', '+')}`,
    );
    const lines = [
      `GET ${path}?${parameters.join('&')} HTTP/1.1`,
      'Host: localhost',
      `Authorization: ${authorization}`,
      '',
      '',
    ];
    return Buffer.from(lines.join('\r\n'));
  });
}

/** Bytes of one POST for each hundred rows; a rest of fewer is left out. */
export function formatPosts(rows: readonly AddressRow[], authorization: string): readonly Buffer[] {
  const batches = Array.from({ length: Math.floor(rows.length / 100) }, (_, index) =>
    rows.slice(index * 100, index * 100 + 100),
  );
  return batches.map((batch) => {
    const body = JSON.stringify({ input_port: { Address: batch } });
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      '',
    ];
    return Buffer.from(head.join('\r\n') + body);
  });
}

/** Writes requests for the load client: each behind its length. */
export function writeRequests(file: string, requests: readonly Buffer[]): void {
  const parts = requests.flatMap((request) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(request.length);
    return [length, request];
  });
  writeFileSync(file, Buffer.concat(parts));
}
