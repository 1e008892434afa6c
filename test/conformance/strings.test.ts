import fc from 'fast-check';
import { echoService } from '../support/echo-service.ts';
import { type Call, type CallAnswer, type CallRow, interfaces } from '../support/service-interfaces.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services: [echoService] });
});
afterAll(() => gateway.close());

const names = echoService.input.fields.map(({ name }) => name);
const longestText = 2_048;
const longestUserField = 65_536;

/** Every character that XML 1.0 allows (section 2.2), the rare ones as often as letters. */
const xmlCharacter = fc.oneof(
  fc.constantFrom('\t', '\n', '\r', ' ', '<', '>', '&', '"', "'", ']', '%', '+', '=', ';', '\\', '/'),
  fc.integer({ min: 0x20, max: 0x7e }).map(String.fromCodePoint),
  fc.integer({ min: 0x7f, max: 0x9f }).map(String.fromCodePoint),
  fc.integer({ min: 0xa0, max: 0xd7ff }).map(String.fromCodePoint),
  fc.integer({ min: 0xe000, max: 0xfffd }).map(String.fromCodePoint),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map(String.fromCodePoint),
);
/** From nothing to the longest that is allowed, long ones by repetition, which costs no time to make up. */
const textUpTo = (longest: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: xmlCharacter, maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.string({ unit: xmlCharacter, minLength: 1, maxLength: 40 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        )
        .map(([piece, share]) => piece.repeat((share * longest) / piece.length)),
    },
  );
const text = textUpTo(longestText);
const fieldName = fc.string({ unit: fc.constantFrom(...'abcXYZ019._- é中'), minLength: 1, maxLength: 20 });
const row = fc.record({
  fields: fc.dictionary(fc.constantFrom(...names), text, { maxKeys: names.length, noNullPrototype: true }),
  userFields: fc.dictionary(
    fieldName.filter((name) => !names.includes(name)),
    textUpTo(longestUserField),
    { maxKeys: 3, noNullPrototype: true },
  ),
});

test('any row comes back as it was sent, over every interface', async () => {
  await fc.assert(
    fc.asyncProperty(row, async (sent) => {
      for (const each of interfaces.filter(({ mostRows }) => mostRows > 1 || fitsUrl(sent))) {
        expect(await each.call(gateway, echoService, { rows: [sent] })).toEqual(echoOf({ rows: [sent] }));
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('any batch comes back in its order, over every interface that takes one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 10 }), async (rows) => {
      for (const each of interfaces.filter(({ mostRows }) => mostRows > 1)) {
        expect(await each.call(gateway, echoService, { rows })).toEqual(echoOf({ rows }));
      }
    }),
    { numRuns: 50 },
  );
}, 60_000);

test('the longest texts come back whole', async () => {
  const fields = { Plain: fill(longestText) };
  const byQuery = { rows: [{ fields, userFields: { id: '1' } }] };
  for (const each of interfaces) expect(await each.call(gateway, echoService, byQuery)).toEqual(echoOf(byQuery));
  const byBody = { rows: [{ fields, userFields: { note: fill(longestUserField) } }] };
  for (const each of interfaces.filter(({ mostRows }) => mostRows > 1)) {
    expect(await each.call(gateway, echoService, byBody)).toEqual(echoOf(byBody));
  }
});

/** Characters of one to four bytes, and one that needs an escape at the end. */
function fill(length: number): string {
  return 'é中😀x'.repeat(length / 5).padEnd(length, '<');
}

test('a longer user field is refused alike, in one sentence', async () => {
  const call = { rows: [{ fields: {}, userFields: { note: 'x'.repeat(longestUserField + 1) } }] };
  for (const each of interfaces.filter(({ mostRows }) => mostRows > 1)) {
    const { status, message } = await each.call(gateway, echoService, call);
    expect([each.title, status, message]).toEqual([
      each.title,
      each.title.startsWith('SOAP') ? 500 : 400,
      expect.stringContaining('65537 characters are too many; a user field has at most 65536'),
    ]);
  }
});

test('a query longer than Node takes is refused with a sentence that says what to do', async () => {
  const url = `${gateway.origin}/rest/${echoService.name}/results.json?Data.note=${'x'.repeat(20_000)}`;
  const response = await fetch(url, { headers: { authorization: gateway.authorization } });
  expect([response.status, await response.json()]).toMatchObject([431, { message: expect.stringMatching(/by POST/) }]);
});

test.each([
  ['a longer text', 'x'.repeat(longestText + 1), 'Plain: 2049 characters are too many; a field has at most 2048'],
  ['a very long text', 'x'.repeat(5_000), 'Plain: 5000 characters are too many; a field has at most 2048'],
])('%s is refused alike, in one sentence', async (_title, value, sentence) => {
  for (const each of interfaces) {
    const { status, message } = await each.call(gateway, echoService, { rows: [{ fields: { Plain: value } }] });
    expect([each.title, status, message]).toEqual([
      each.title,
      each.title.startsWith('SOAP') ? 500 : 400,
      expect.stringContaining(sentence),
    ]);
  }
});

test.each(['\u0000', '\u0001', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])(
  'the character %j, which XML does not have, is refused with a clear sentence',
  async (character) => {
    for (const each of interfaces) {
      const { status, message } = await each.call(gateway, echoService, {
        rows: [{ fields: { Plain: `a${character}` } }],
      });
      expect([each.title, status]).toEqual([each.title, each.title.startsWith('SOAP') ? 500 : 400]);
      expect(message).toMatch(/character|not XML/i);
    }
  },
);

/** Node takes 16 KiB of URL and headers; longer records go by POST. */
function fitsUrl({ fields, userFields = {} }: CallRow): boolean {
  return new URLSearchParams({ ...fields, ...userFields }).toString().length < 15_000;
}

function echoOf({ rows }: Call): CallAnswer {
  return {
    status: 200,
    rows: rows.map(({ fields, userFields = {} }) => ({
      fields: names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name] as string]),
      userFields: Object.entries(userFields),
    })),
  };
}
