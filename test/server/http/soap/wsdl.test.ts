import { SaxesParser } from 'saxes';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(gateway.origin + path, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

test.each(['?wsdl', '?WSDL', '?singleWsdl=1&wsdl', '/?wsdl'])('is read without credentials at %s', async (query) => {
  const { status, type, text } = await get(`/soap/GreetPerson${query}`);
  expect([status, type]).toEqual([200, 'text/xml;charset=utf-8']);
  expect(() => new SaxesParser({ xmlns: true }).write(text).close()).not.toThrow();
});

test('has the published names and namespaces', async () => {
  const { text } = await get('/soap/GreetPerson?wsdl');
  for (const piece of [
    '<wsdl:definitions name="GreetPerson" targetNamespace="http://spectrum.pb.com/"',
    'targetNamespace="http://www.pb.com/spectrum/services/GreetPerson"',
    '<wsdl:portType name="GreetPerson">',
    '<wsdl:binding name="GreetPersonSoapBinding" type="tns:GreetPerson">',
    '<soap:operation soapAction="" style="document"/>',
    '<wsdl:service name="GreetPerson">',
    '<wsdl:port name="GreetPersonPort"',
    '<xs:complexType name="input_port.PersonList">',
    '<xs:complexType name="input_port.Person"><xs:all>',
    '<xs:element name="Name.Last" type="xs:string" form="qualified" minOccurs="0"/>',
    'element="ns1:GreetPersonRequest"',
    'element="ns2:ServiceInvocationFault"',
  ]) {
    expect(text).toContain(piece);
  }
});

test('gives the address that the client used', async () => {
  const { text } = await get('/soap/GreetPerson?wsdl', {
    'x-forwarded-host': 'spectrum.example:8443',
    'x-forwarded-proto': 'https',
  });
  expect(text).toContain('<soap:address location="https://spectrum.example:8443/soap/GreetPerson"/>');
});

test('says where it is when the query is missing', async () => {
  const { status, text } = await get('/soap/GreetPerson');
  expect(status).toBe(404);
  expect(text).toContain('/soap/GreetPerson?wsdl');
});

test.each(['/soap', '/soap/'])('is listed at %s', async (path) => {
  const { status, text } = await get(path);
  expect(status).toBe(200);
  const link = `${gateway.origin}/soap/GreetPerson?wsdl`;
  expect(text).toContain(`<a href="${link}">${link}</a>`);
  expect(() => new SaxesParser().write(text).close()).not.toThrow();
});
