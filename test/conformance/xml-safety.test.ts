import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** What hostile or broken XML gets: a refusal that says why, before it costs memory, and a node that goes on. */
const bodyBytes = 2 * 2 ** 20;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ limits: { bodyBytes, rows: 1_000 } });
});
afterAll(() => gateway.close());

const row = (content: string) => `<input_port><Person>${content}</Person></input_port>`;

/** The same content as a REST request and in a SOAP message; `prolog` stands in front of the root. */
const doors = {
  REST: (content: string, prolog = '') => `${prolog}<GreetPersonRequest>${content}</GreetPersonRequest>`,
  SOAP: (content: string, prolog = '') =>
    `${prolog}<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GreetPersonRequest>${content}</GreetPersonRequest></e:Body></e:Envelope>`,
} as const;

type Door = keyof typeof doors;

async function send(door: Door, body: string | Buffer, contentType?: string) {
  const path = door === 'REST' ? '/rest/GreetPerson/results.xml' : '/soap/GreetPerson';
  const headers = {
    authorization: gateway.authorization,
    'content-type': contentType ?? (door === 'REST' ? 'application/xml' : 'text/xml'),
  };
  const response = await fetch(gateway.origin + path, { method: 'POST', headers, body });
  const text = (await response.text()).replaceAll('&quot;', '"');
  return { status: response.status, text };
}

/** A fault travels with 500 unless HTTP has a status of its own for it. */
function statusOver(door: Door, status: number): number {
  return door === 'SOAP' && status === 400 ? 500 : status;
}

const laughs = Array.from({ length: 10 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join(
  '',
);

interface Attack {
  readonly prolog?: string;
  readonly content: string;
  readonly sentence: RegExp;
}

const attacks: Readonly<Record<string, Attack>> = {
  'an external entity': {
    prolog: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    content: row('<FirstName>&x;</FirstName>'),
    sentence: /a document type is not allowed/,
  },
  'an external document type': {
    prolog: '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd">',
    content: row('<FirstName>Ann</FirstName>'),
    sentence: /a document type is not allowed/,
  },
  'a parameter entity': {
    prolog: '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/evil.dtd"> %p;]>',
    content: row('<FirstName>Ann</FirstName>'),
    sentence: /a document type is not allowed/,
  },
  'a bomb of nested entities': {
    prolog: `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>`,
    content: row('<FirstName>&l10;</FirstName>'),
    sentence: /a document type is not allowed/,
  },
  'a bomb of one long entity': {
    prolog: `<!DOCTYPE a [<!ENTITY long "${'x'.repeat(500_000)}">]>`,
    content: row(`<FirstName>${'&long;'.repeat(50_000)}</FirstName>`),
    sentence: /a document type is not allowed/,
  },
  'an entity that nobody declared': { content: row('<FirstName>&x;</FirstName>'), sentence: /undefined entity/ },
  'elements nested without end': { content: '<a>'.repeat(500_000), sentence: /not known|nested deeper than 12/ },
  'fields nested in fields': { content: row('<FirstName>'.repeat(10_000)), sentence: /not known|nested deeper/ },
  'a hundred thousand attributes': {
    content: row(
      `<FirstName ${Array.from({ length: 100_000 }, (_, index) => `a${index}="1"`).join(' ')}>Ann</FirstName>`,
    ),
    sentence: /attributes/,
  },
  'a hundred thousand namespaces': {
    content: row(
      `<FirstName ${Array.from({ length: 50_000 }, (_, index) => `xmlns:a${index}="u:${index}"`).join(' ')}>Ann</FirstName>`,
    ),
    sentence: /attributes/,
  },
  'a field of a megabyte': {
    content: row(`<FirstName>${'x'.repeat(1_000_000)}</FirstName>`),
    sentence: /FirstName: \d+ characters are too many/,
  },
  'more rows than a request may have': {
    content: `<input_port>${'<Person/>'.repeat(2_000)}</input_port>`,
    sentence: /rows are too many/,
  },
  'more user fields than a row may have': { content: row('<x/>'.repeat(1_000)), sentence: /at most 200 user fields/ },
  'an inclusion': {
    content: '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
    sentence: /namespace "http:\/\/www\.w3\.org\/2001\/XInclude" is not that of GreetPerson/,
  },
  'a character that XML does not have': { content: row('<FirstName>&#0;</FirstName>'), sentence: /not XML we read/ },
  'an attribute given twice': { content: row('<FirstName a="1" a="2"/>'), sentence: /duplicate attribute/ },
  'two documents in one': {
    content: '</GreetPersonRequest><GreetPersonRequest>',
    sentence: /not XML we read|more than one/,
  },
  'XML 1.1': { prolog: '<?xml version="1.1"?>', content: row('<FirstName>Ann</FirstName>'), sentence: /version/ },
  'another declared encoding': {
    prolog: '<?xml version="1.0" encoding="ISO-8859-1"?>',
    content: row('<FirstName>Ann</FirstName>'),
    sentence: /encoding ISO-8859-1; send UTF-8/,
  },
  'a declared UTF-16': {
    prolog: '<?xml version="1.0" encoding="UTF-16"?>',
    content: row('<FirstName>Ann</FirstName>'),
    sentence: /encoding UTF-16; send UTF-8/,
  },
};

const cases = (Object.keys(doors) as Door[]).flatMap((door) =>
  Object.entries(attacks).map(([title, attack]) => [title, door, attack] as const),
);

test.each(cases)(
  '%s is refused over %s',
  async (_title, door, { prolog, content, sentence }) => {
    const before = process.memoryUsage().rss;
    const { status, text } = await send(door, doors[door](content, prolog));
    expect([status, text]).toEqual([statusOver(door, 400), expect.stringMatching(sentence)]);
    expect(text.length).toBeLessThan(1_500);
    expect(text).not.toContain('root:');
    // A few copies of the largest body, not a multiple of what a bomb would make.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  },
  5_000,
);

const sample = doors.REST(row('<FirstName>Ann</FirstName>'));
const encodings: readonly (readonly [string, Buffer, string, number])[] = [
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${sample}`, 'utf16le'), 'application/xml', 400],
  ['bytes that are not UTF-8', Buffer.concat([Buffer.from(sample), Buffer.from([0xc3, 0x28])]), 'application/xml', 400],
  ['an overlong form', Buffer.from(sample.replace('Ann', '\u00c0\u0080'), 'latin1'), 'application/xml', 400],
  [
    'a surrogate written as UTF-8',
    Buffer.concat([Buffer.from('<a>'), Buffer.from([0xed, 0xa0, 0x80])]),
    'application/xml',
    400,
  ],
  ['UTF-7', Buffer.from(sample), 'application/xml; charset=utf-7', 415],
  ['UTF-16 in the header', Buffer.from(sample), 'application/xml; charset=utf-16', 415],
  ['UTF-32', Buffer.from(sample), 'application/xml; charset=utf-32', 415],
];

test.each(encodings)('%s is refused', async (_title, bytes, contentType, status) => {
  for (const door of ['REST', 'SOAP'] as const) {
    const answer = await send(door, bytes, contentType);
    expect([door, answer.status]).toEqual([door, statusOver(door, status)]);
    expect(answer.text).toMatch(/UTF-8/);
  }
});

test('headers nested without end are refused too, although nobody reads them', async () => {
  const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>${'<a>'.repeat(500_000)}`;
  const { status, text } = await send('SOAP', body);
  expect([status, text]).toEqual([500, expect.stringContaining('nested deeper than 12')]);
});

test('a body beyond the limit is refused without being read', async () => {
  for (const door of ['REST', 'SOAP'] as const) {
    expect((await send(door, 'x'.repeat(bodyBytes + 1))).status).toBe(413);
  }
});

test('UTF-8 with a byte order mark, comments, instructions and CDATA are read', async () => {
  const content = row('<!-- c --><?pi x?><FirstName><![CDATA[A&]]>n<!-- c -->n</FirstName>');
  for (const door of ['REST', 'SOAP'] as const) {
    const { status, text } = await send(
      door,
      `\ufeff${doors[door](content, '<?xml version="1.0" encoding="utf-8"?>\n')}`,
    );
    expect([status, text]).toEqual([200, expect.stringContaining('Hello A&amp;nn')]);
  }
});

test('after all of that the node answers as before', async () => {
  expect((await send('REST', sample)).status).toBe(200);
});
