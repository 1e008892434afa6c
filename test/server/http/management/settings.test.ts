import { openManagedCluster } from '../../../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeEach(async () => {
  cluster = await openManagedCluster(1);
});
afterEach(() => cluster.close());

const rest = '/rest/GetCityStateProvince/results.json?Data.City=x';
const message = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GetCityStateProvinceRequest/></e:Body></e:Envelope>`;
const soap = {
  method: 'POST',
  path: '/soap/GetCityStateProvince',
  text: message,
  headers: { 'content-type': 'text/xml' },
};

const save = (name: string, value: object) =>
  cluster.send({ method: 'PUT', path: `/api/v1/settings/${name}`, body: { value }, headers: { 'if-none-match': '*' } });
const isAsked = async (request: object) => {
  const { status } = await cluster.send({ path: rest, authorization: '', ...request });
  return status === 401;
};

test('known settings are read with their defaults before anybody saved them', async () => {
  expect((await cluster.send({ path: '/api/v1/settings/authentication' })).body).toEqual({
    name: 'authentication',
    value: { rest: true, soap: true, basic: true, tokenHostCheck: true },
  });
  expect((await cluster.send({ path: '/api/v1/settings/cors' })).body.value).toMatchObject({
    enabled: false,
    allowedOrigins: ['http://localhost:8080', 'http://localhost:443'],
  });
});

test('one interface is opened to everybody, the other stays closed', async () => {
  expect([await isAsked({}), await isAsked(soap)]).toEqual([true, true]);
  expect((await save('authentication', { rest: false })).status).toBe(201);
  expect([await isAsked({}), await isAsked(soap)]).toEqual([false, true]);
  expect((await cluster.send({ path: '/api/v1/users', authorization: '' })).status).toBe(401);
});

test.each([
  ['authentication', { rest: 'no' }, 'value.rest "no" is not allowed; use true or false'],
  ['authentication', { rst: true }, 'value.rst is unknown; use rest, soap, basic or tokenHostCheck'],
  ['cors', { allowedOrigins: '*' }, 'value.allowedOrigins "*" is not a list'],
  ['cors', { preflightMaxAgeSeconds: -1 }, 'value.preflightMaxAgeSeconds -1 is not allowed; use a whole number from 0'],
])('%s refuses %j', async (name, value, sentence) => {
  const { status, body } = await save(name, value);
  expect([status, body.message]).toEqual([422, expect.stringContaining(sentence)]);
});

test('the password policy is a setting', async () => {
  await save('password-policy', { minimumLength: 4, specialCharacter: false });
  const create = (password: string) =>
    cluster.send({ method: 'POST', path: '/api/v1/users', body: { name: password, password } });
  expect((await create('four')).status).toBe(201);
  expect((await create('two')).body.message).toBe('password: send text of 4 to 256 characters');
});
