import { createInputShape } from '../../../../server/http/rest/call.ts';
import { parseXmlRequest } from '../../../../server/http/rest/xml-request.ts';
import { sampleService } from '../../../support/sample-service.ts';

const shape = createInputShape(sampleService);
const namespace = 'http://www.pb.com/spectrum/services/GreetPerson';

function parse(text: string, rowLimit = 100) {
  return parseXmlRequest(shape, text, rowLimit);
}

function request(content: string, attributes = ''): string {
  return `<GreetPersonRequest${attributes}>${content}</GreetPersonRequest>`;
}

const row = '<input_port><Person><FirstName>A</FirstName></Person></input_port>';

test.each([
  ['no namespace', request(row)],
  ['a default namespace', request(row, ` xmlns="${namespace}"`)],
  ['the other owner of the namespace', request(row, ' xmlns="http://www.precisely.com/spectrum/services/GreetPerson"')],
  [
    'prefixed children under a bare root',
    request('<s:Input><s:Row><s:FirstName>A</s:FirstName></s:Row></s:Input>', ` xmlns:s="${namespace}"`),
  ],
  [
    'a prefixed root',
    `<s:GreetPersonRequest xmlns:s="${namespace}"><s:Input><s:Row><s:FirstName>A</s:FirstName></s:Row></s:Input></s:GreetPersonRequest>`,
  ],
  ['a declaration and white space', `<?xml version="1.0" encoding="UTF-8"?>\n${request(`\n  ${row}\n`)}\n`],
  ['character data', request('<Input><Row><FirstName><![CDATA[A]]></FirstName></Row></Input>')],
])('reads %s', (_title, text) => {
  expect(parse(text).rows).toEqual([{ FirstName: 'A' }]);
});

test('reads options, several rows and user fields', () => {
  const call = parse(
    request(
      '<options><Tone>Loud</Tone><Repeat.Count>2</Repeat.Count></options><Input><Row><FirstName>A &amp; B</FirstName><id>1</id>' +
        '<user_fields><user_field><name>x</name><value>y</value></user_field></user_fields></Row><Row/></Input>',
    ),
  );
  expect({ ...call.options }).toEqual({ Tone: 'Loud', 'Repeat.Count': '2' });
  expect(call.rows).toEqual([{ FirstName: 'A & B' }, {}]);
  expect(call.userFields).toEqual([
    [
      { name: 'id', value: '1' },
      { name: 'x', value: 'y' },
    ],
    [],
  ]);
});

const deep = `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`;

test.each([
  ['text that is not XML', 'hello', 'The request body is not XML we read'],
  ['an unclosed element', '<GreetPersonRequest>', 'unclosed tag'],
  ['a document type', `<!DOCTYPE x [<!ENTITY e "boom">]>${request(row)}`, 'a document type is not allowed'],
  [
    'an entity',
    request('<Input><Row><FirstName>&boom;</FirstName></Row></Input>'),
    'The request body is not XML we read',
  ],
  ['an unbound prefix', request('<x:Input/>'), 'The request body is not XML we read'],
  ['another encoding', `<?xml version="1.0" encoding="UTF-16"?>${request(row)}`, 'encoding UTF-16; send UTF-8'],
  [
    'a control character',
    request('<Input><Row><FirstName>&#7;</FirstName></Row></Input>'),
    'The request body is not XML we read',
  ],
  [
    'another root',
    '<OtherRequest/>',
    'OtherRequest (the root element) is not known; use GreetPersonRequest as the root',
  ],
  [
    'another namespace',
    request(row, ' xmlns="http://example.com/"'),
    'GreetPersonRequest: namespace "http://example.com/" is not that of GreetPerson',
  ],
  [
    'an unknown port',
    request('<inputs/>'),
    'inputs (inside GreetPersonRequest) is not known; use options and input_port',
  ],
  ['an unknown row name', request('<Input><Rows/></Input>'), 'Rows (inside Input) is not known; use Person'],
  [
    'a field with elements',
    request('<Input><Row><FirstName><b/></FirstName></Row></Input>'),
    'b (inside FirstName) is not known; use text',
  ],
  ['deep nesting', `<GreetPersonRequest>${deep}</GreetPersonRequest>`, 'is not known'],
  ['text between elements', request('<Input>hello</Input>'), 'Text "hello" stands between elements'],
  [
    'a repeated field',
    request('<Input><Row><FirstName/><FirstName/></Row></Input>'),
    'FirstName is given more than once',
  ],
  [
    'a user field without name',
    request('<Input><Row><user_fields><user_field/></user_fields></Row></Input>'),
    'user_field: the name is missing',
  ],
  [
    'a long field',
    request(`<Input><Row><FirstName>${'x'.repeat(5_000)}</FirstName></Row></Input>`),
    'FirstName: 5000 characters are too many',
  ],
  ['too many rows', request(`<Input>${'<Row/>'.repeat(101)}</Input>`), '101 rows are too many'],
])('refuses %s in a sentence', (_title, text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
});
