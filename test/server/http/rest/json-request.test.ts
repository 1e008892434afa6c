import { createInputShape } from '../../../../server/http/rest/call.ts';
import { parseJsonRequest } from '../../../../server/http/rest/json-request.ts';
import { sampleService } from '../../../support/sample-service.ts';

const shape = createInputShape(sampleService);

function parse(body: unknown, rowLimit = 100) {
  return parseJsonRequest(shape, typeof body === 'string' ? body : JSON.stringify(body), rowLimit);
}

test.each([
  ['the port and row of the service', { input_port: { Person: [{ FirstName: 'A' }] } }],
  ['the default names of a dataflow', { Input: { Row: [{ FirstName: 'A' }] } }],
  ['one row without its array', { input_port: { Row: { FirstName: 'A' } } }],
  ['rows directly below the port', { Input: [{ FirstName: 'A' }] }],
])('reads %s', (_title, body) => {
  expect(parse(body).rows).toEqual([{ FirstName: 'A' }]);
});

test('scalars become text and null is missing', () => {
  const { rows } = parse({ Input: { Row: [{ FirstName: 20706, 'Name.Last': true }, { FirstName: null }] } });
  expect(rows).toEqual([{ FirstName: '20706', 'Name.Last': 'true' }, {}]);
});

test('user fields come from their list and from fields the service does not define', () => {
  const row = {
    FirstName: 'A',
    id: 7,
    user_fields: [
      { name: 'x', value: 'y' },
      { name: 'n', value: null },
    ],
  };
  expect(parse({ Input: { Row: [row, {}] } }).userFields).toEqual([
    [
      { name: 'id', value: '7' },
      { name: 'x', value: 'y' },
      { name: 'n', value: '' },
    ],
    [],
  ]);
});

test('options may be absent, null, or scalars', () => {
  expect(parse({ Input: { Row: [] } }).options).toEqual({});
  expect({ ...parse({ options: { 'Repeat.Count': 2, Tone: null }, Input: { Row: [] } }).options }).toEqual({
    'Repeat.Count': '2',
  });
});

test('members named like parts of every object do no harm', () => {
  const { rows, userFields } = parse('{"Input":{"Row":[{"__proto__":"x","constructor":"y","FirstName":"A"}]}}');
  expect(rows[0]).toEqual({ FirstName: 'A' });
  expect(userFields[0]).toEqual([
    { name: '__proto__', value: 'x' },
    { name: 'constructor', value: 'y' },
  ]);
});

test.each<[string, unknown, string]>([
  ['truncated JSON', '{"Input": {', 'The request body is not JSON'],
  ['nothing', '', 'The request body is not JSON'],
  ['a list as body', [], 'the request body is an array; send an object'],
  ['an unknown port', { inputs: {} }, '"inputs": the request body has no such member; use options and input_port'],
  ['no port', { options: {} }, 'input_port is missing'],
  ['two ports', { Input: {}, input_port: {} }, 'Input and input_port: send the rows in one of them'],
  ['an unknown row name', { Input: { Rows: [] } }, 'Input.Rows: not known; use Input.Person with an array of rows'],
  ['a row that is text', { Input: { Row: ['x'] } }, 'Input.Row[0] is text; send an object'],
  [
    'a field that is an object',
    { Input: { Row: [{}, { FirstName: {} }] } },
    'Input.Row[1].FirstName is an object; send text',
  ],
  [
    'a field that is a list',
    { Input: { Row: [{ FirstName: ['a'] }] } },
    'Input.Row[0].FirstName is an array; send text',
  ],
  [
    'user fields that are no list',
    { Input: { Row: [{ user_fields: {} }] } },
    'Input.Row[0].user_fields is an object; send an array',
  ],
  [
    'a user field without name',
    { Input: { Row: [{ user_fields: [{ value: 'x' }] }] } },
    'user_fields[0]: the name is missing',
  ],
  ['an option that is an object', { options: { Tone: {} }, Input: { Row: [] } }, 'options.Tone is an object'],
  [
    'a control character',
    '{"Input":{"Row":[{"FirstName":"a\\u0007"}]}}',
    'FirstName: control character U+0007 at character 2 is not allowed',
  ],
  [
    'half a surrogate pair',
    '{"Input":{"Row":[{"FirstName":"a\\ud83d"}]}}',
    'FirstName: half of a surrogate pair U+D83D at character 2',
  ],
  ['a long field', { Input: { Row: [{ FirstName: 'x'.repeat(5_000) }] } }, 'FirstName: 5000 characters are too many'],
  [
    'too many rows',
    { Input: { Row: Array.from({ length: 101 }, () => ({})) } },
    '101 rows are too many; send at most 100 rows',
  ],
])('refuses %s in a sentence', (_title, body, sentence) => {
  expect(() => parse(body)).toThrow(sentence);
});

test('whole surrogate pairs, tabs and line ends pass', () => {
  expect(parse({ Input: { Row: [{ FirstName: '😀\t\r\n' }] } }).rows[0]).toEqual({ FirstName: '😀\t\r\n' });
});
