import { SaxesParser } from 'saxes';
import { formatListing, formatWelcome } from '../../../../server/http/rest/listing.ts';
import { formatWadl } from '../../../../server/http/rest/wadl.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { openTestGateway } from '../../../support/test-gateway.ts';

/** Elements with their text and attributes; throws where the text is not well-formed XML. */
function readXml(text: string) {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return elements;
}

/** What the vendor's client does to the page before it parses it (rest-soap-conventions section 7, point 1). */
function asVendorClient(page: string): string {
  const replacements = [
    ['<HEAD>', '<head>'],
    ['<HTML>', '<html>'],
    ['"><meta', '"/><meta'],
    ['"><title', '"/><title'],
  ] as const;
  return replacements.reduce((text, [from, to]) => text.replaceAll(from, to), page);
}

test('the vendor client finds each service by the text of its link', () => {
  const page = asVendorClient(formatListing([sampleService], 'http://host:8080'));
  const links = readXml(page).filter(({ name, text }) => name === 'a' && text.endsWith('?_wadl'));
  expect(links.map(({ text }) => text)).toEqual(['http://host:8080/rest/GreetPerson?_wadl']);
});

test('the start page is well-formed', () => {
  expect(readXml(formatWelcome('n<1>', 'http://host')).some(({ name, text }) => name === 'b' && text === 'n<1>')).toBe(
    true,
  );
});

test('the WADL gives the vendor client the call of results.json', () => {
  const elements = readXml(formatWadl(sampleService, 'https://host'));
  const base = elements.find(({ name }) => name === 'resources')?.attributes.base;
  const path = elements.find(({ name }) => name === 'resource')?.attributes.path;
  expect(`${base}${path}`).toBe('https://host/rest/GreetPerson/results.json');
  const parameters = elements.filter(({ name }) => name === 'param');
  expect(parameters.slice(0, 4).map(({ attributes }) => [attributes.name, attributes.type])).toEqual([
    ['Data.FirstName', 'xs:string'],
    ['Data.Name.Last', 'xs:string'],
    ['Option.Tone', 'xs:string'],
    ['Option.Repeat.Count', 'xs:string'],
  ]);
});

describe('the URLs that a node advertises', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'carry what a balancer forwarded',
      { 'x-forwarded-host': 'api.example.com:8443', 'x-forwarded-proto': 'https' },
      'https://api.example.com:8443',
    ],
    [
      'carry the first of several proxies',
      { 'x-forwarded-host': 'outer, inner', 'x-forwarded-proto': 'https, http' },
      'https://outer',
    ],
    ['ignore a host that is none', { 'x-forwarded-host': '"><script>' }, ''],
  ])('%s', async (_title, headers, expected) => {
    const gateway = await openTestGateway();
    try {
      const links = readXml(await (await fetch(`${gateway.origin}/rest`, { headers })).text()).filter(({ text }) =>
        text.endsWith('_wadl'),
      );
      const origin = expected || gateway.origin;
      expect(links[0]?.text).toBe(`${origin}/rest/GreetPerson?_wadl`);
      const wadl = await fetch(`${gateway.origin}/rest/GreetPerson?_wadl`, { headers });
      expect([wadl.status, await wadl.text()]).toEqual([
        200,
        expect.stringContaining(`base="${origin}/rest/GreetPerson"`),
      ]);
    } finally {
      await gateway.close();
    }
  });
});
