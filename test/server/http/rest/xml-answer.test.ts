import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { createXmlWriter, escapeXml } from '../../../../server/http/rest/xml-answer.ts';
import { anyText } from '../../../support/any-text.ts';
import { sampleService } from '../../../support/sample-service.ts';

const writeXml = createXmlWriter(sampleService);

test('XML qualifies every element and ends a row with its user fields', () => {
  expect(
    writeXml([[{ Greeting: '<A & B>', 'Name.Last': 'C' }], [{ Status: 'F' }]], [[{ name: 'id', value: '5' }], []]),
  ).toBe(
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
      '<ns2:xml.GreetPersonResponse xmlns:ns2="http://www.pb.com/spectrum/services/GreetPerson"><ns2:output_port>' +
      '<ns2:Greeting><ns2:Greeting>&lt;A &amp; B&gt;</ns2:Greeting><ns2:Name.Last>C</ns2:Name.Last>' +
      '<ns2:user_fields><ns2:user_field><ns2:name>id</ns2:name><ns2:value>5</ns2:value></ns2:user_field></ns2:user_fields></ns2:Greeting>' +
      '<ns2:Greeting><ns2:Status>F</ns2:Status><ns2:user_fields/></ns2:Greeting>' +
      '</ns2:output_port></ns2:xml.GreetPersonResponse>',
  );
});

test('XML is well-formed whatever the text, and what XML can carry survives', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parser = new SaxesParser();
      let read = '';
      parser.on('error', (error) => {
        throw error;
      });
      parser.on('text', (piece) => {
        read += piece;
      });
      parser.write(`<a>${escapeXml(text)}</a>`).close();
      // Controls, noncharacters and halves of pairs are replaced; everything else comes back.
      if (!/[^\P{C}\t\n\r]/u.test(text)) expect(read).toBe(text);
    }),
  );
});
