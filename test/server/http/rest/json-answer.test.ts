import fc from 'fast-check';
import { createJsonWriter, escapeJson } from '../../../../server/http/rest/json-answer.ts';
import { anyText } from '../../../support/any-text.ts';
import { sampleService } from '../../../support/sample-service.ts';

const writeJson = createJsonWriter(sampleService);

test('JSON is in the default pretty style of Jackson', () => {
  const answer = [[{ Greeting: 'Hello "A"', 'Name.Last': 'B' }, { Greeting: '' }], [{ Status: 'F' }]];
  const text = writeJson(answer, [
    [
      { name: 'id', value: '5' },
      { name: 'x', value: '' },
    ],
    [],
  ]);
  expect(text).toBe(`{
  "output_port" : [ {
    "Greeting" : "Hello \\"A\\"",
    "Name.Last" : "B",
    "user_fields" : [ {
      "name" : "id",
      "value" : "5"
    }, {
      "name" : "x",
      "value" : ""
    } ]
  }, {
    "user_fields" : [ {
      "name" : "id",
      "value" : "5"
    }, {
      "name" : "x",
      "value" : ""
    } ]
  }, {
    "Status" : "F",
    "user_fields" : [ ]
  } ]
}`);
});

test('no rows are an empty array', () => {
  expect(writeJson([], [])).toBe('{\n  "output_port" : [ ]\n}');
});

test('a service that keeps empty values prints them', () => {
  const write = createJsonWriter({ ...sampleService, emptyValues: 'keep' });
  expect(JSON.parse(write([[{ Greeting: '', Status: undefined }]], [[]]))).toEqual({
    output_port: [{ Greeting: '', user_fields: [] }],
  });
});

test('any text survives JSON', () => {
  fc.assert(fc.property(anyText, (text) => expect(JSON.parse(`"${escapeJson(text)}"`)).toBe(text)));
});

test('JSON bytes are UTF-8 whatever the text', () => {
  fc.assert(
    fc.property(anyText, (text) => expect(JSON.parse(Buffer.from(`"${escapeJson(text)}"`).toString())).toBe(text)),
  );
});

test('fields come in published order whatever the order in which the service set them', () => {
  const text = writeJson([[{ Status: 'F', Unpublished: 'x', 'Name.Last': 'B', Greeting: 'A' }]], [[]]);
  expect(Object.keys(JSON.parse(text).output_port[0])).toEqual(['Greeting', 'Name.Last', 'Status', 'user_fields']);
});
