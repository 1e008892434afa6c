import fc from 'fast-check';
import { createInputShape } from '../../../../server/http/rest/call.ts';
import { parseQuery } from '../../../../server/http/rest/query.ts';
import { sampleService } from '../../../support/sample-service.ts';

const shape = createInputShape(sampleService);
const path = '/rest/GreetPerson/results.json';

function fieldsOf(query: string) {
  return parseQuery(shape, `${path}?${query}`).rows[0];
}

test.each([
  ['Data.FirstName=Ann', { FirstName: 'Ann' }],
  ['Data.FirstName=Ann+Lee%20Jo', { FirstName: 'Ann Lee Jo' }],
  ['Data.FirstName=a%2Fb%26c%3Dd', { FirstName: 'a/b&c=d' }],
  ['Data.FirstName=Jos%C3%A9', { FirstName: 'José' }],
  ['Data%2EFirstName=Ann', { FirstName: 'Ann' }],
  ['Data.FirstName=', { FirstName: '' }],
  ['Data.FirstName', { FirstName: '' }],
  ['Data.Name.Last=O%27Hara&&Data.FirstName=x=y', { FirstName: 'x=y', 'Name.Last': "O'Hara" }],
  ['noCache=1&Other=2', {}],
  ['', {}],
])('%s gives its fields', (query, expected) => {
  expect(fieldsOf(query)).toEqual(expected);
});

test('raw UTF-8 bytes of a request line are read as UTF-8', () => {
  const latin1 = Buffer.from('José', 'utf8').toString('latin1');
  expect(fieldsOf(`Data.FirstName=${latin1}`)).toEqual({ FirstName: 'José' });
});

test('fields that the service does not define are user fields', () => {
  const call = parseQuery(shape, `${path}?Data.id=5&Data.FirstName=A&Data.__proto__=x`);
  expect(call.userFields).toEqual([
    [
      { name: 'id', value: '5' },
      { name: '__proto__', value: 'x' },
    ],
  ]);
});

test('option names keep their dots', () => {
  expect({ ...parseQuery(shape, `${path}?Option.Repeat.Count=2&Option.Tone=loud`).options }).toEqual({
    'Repeat.Count': '2',
    Tone: 'loud',
  });
});

test.each([
  ['Data.FirstName=%zz', 'Data.FirstName: the percent-encoding is not valid UTF-8'],
  ['Data.FirstName=%ff', 'Data.FirstName: the percent-encoding is not valid UTF-8'],
  ['Data.FirstName=%ED%A0%80', 'Data.FirstName: the percent-encoding is not valid UTF-8'],
  ['Data.FirstName=a%00', 'Data.FirstName: control character U+0000 at character 2 is not allowed'],
  ['Data.FirstName=a%1B', 'Data.FirstName: control character U+001B at character 2 is not allowed'],
  ['Data.FirstName=a&Data.FirstName=b', 'Data.FirstName is given more than once'],
  ['Option.Tone=a&Option.Tone=b', 'Option.Tone is given more than once'],
  [`Data.FirstName=${'x'.repeat(5_000)}`, 'Data.FirstName: 5000 characters are too many; a field has at most 2048'],
  [`Data.id=${'x'.repeat(70_000)}`, 'Data.id: 70000 characters are too many; a user field has at most 65536'],
  ['Data.=x', 'Data.: a field name is missing'],
])('unfit query %# is refused in a sentence', (query, sentence) => {
  expect(() => fieldsOf(query)).toThrow(sentence);
});

test('whatever a client encodes comes back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      (one, two) => {
        const [first, last] = [one, two].map((text) => text.replace(/[^\P{C}\n\t]/gu, '')) as [string, string];
        const query = `Data.FirstName=${encodeURIComponent(first)}&Data.Name.Last=${new URLSearchParams({ v: last }).toString().slice(2)}`;
        expect(fieldsOf(query)).toEqual({ FirstName: first, 'Name.Last': last });
      },
    ),
  );
});
