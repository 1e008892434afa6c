import { validateAddressService } from '../../../../server/services/validate-address/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services: [validateAddressService], database: createExampleDatabase() });
});
afterAll(() => gateway.close());

/** Addressing reference section 6, example 4, in the envelope of rest-soap-conventions section 8. */
const envelope = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:val="http://www.pb.com/spectrum/services/ValidateAddress">
 <soapenv:Header/><soapenv:Body>
  <val:ValidateAddressRequest>
   <val:options><val:OutputCasing>M</val:OutputCasing></val:options>
   <val:input_port><val:Address>
     <val:AddressLine1>3001 summer</val:AddressLine1><val:City>stamford</val:City><val:StateProvince>ct</val:StateProvince>
     <val:user_fields><val:user_field><val:name>id</val:name><val:value>5</val:value></val:user_field></val:user_fields>
   </val:Address></val:input_port>
  </val:ValidateAddressRequest>
 </soapenv:Body></soapenv:Envelope>`;

test('the documented request comes back standardized with its user field', async () => {
  const headers = { authorization: gateway.authorization, 'content-type': 'text/xml', soapaction: '""' };
  const response = await fetch(`${gateway.origin}/soap/ValidateAddress`, { method: 'POST', headers, body: envelope });
  const text = await response.text();
  expect(response.status).toBe(200);
  for (const piece of [
    'AddressLine1>3001 Summer St</',
    'City>Stamford</',
    'StateProvince>CT</',
    'PostalCode>06902</',
    'name>id</',
    'value>5</',
  ]) {
    expect(text).toContain(piece);
  }
});
