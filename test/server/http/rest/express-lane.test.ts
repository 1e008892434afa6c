import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { SpectrumError } from '../../../../server/foundation/errors.ts';
import { ExpressLane, type LaneStop } from '../../../../server/http/rest/express-lane.ts';
import { defineService } from '../../../../server/services/index.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const brokenService = defineService({
  ...sampleService,
  name: 'Broken',
  run() {
    throw new SpectrumError('DATABASE_UNAVAILABLE', 'The database starter is not open on this node');
  },
});
const laterService = defineService({
  ...sampleService,
  name: 'Later',
  run: async (rows) => rows.map(({ FirstName }) => [{ Greeting: `later ${FirstName}` }]),
});
const laterBrokenService = defineService({
  ...sampleService,
  name: 'LaterBroken',
  run: async () => {
    throw new Error('secret detail');
  },
});
const shortService = defineService({ ...sampleService, name: 'Short', run: () => [] });

describe('a request gets the same answer through the lane and through the framework', () => {
  const services = [sampleService, brokenService, laterService, laterBrokenService, shortService];
  let direct: TestGateway;
  let framework: TestGateway;

  beforeAll(async () => {
    direct = await openTestGateway({ services });
    // With an access log every request goes through the framework.
    framework = await openTestGateway({ services, accessLog: true });
  });
  afterAll(() => Promise.all([direct.close(), framework.close()]));

  const right = () => direct.authorization;
  const greet = '/rest/GreetPerson/results.json';
  const cases: [string, string, () => Record<string, string>][] = [
    ['a row', `${greet}?Data.FirstName=Ann&Data.id=7&Option.Tone=loud`, () => ({ authorization: right() })],
    ['XML', '/rest/GreetPerson/results.xml?Data.FirstName=A%26B', () => ({ authorization: right() })],
    [
      'the other spelling of the path',
      '/rest/GreetPerson/result.json?Data.FirstName=Z',
      () => ({ authorization: right() }),
    ],
    ['text beyond ASCII', `${greet}?Data.FirstName=Jos%C3%A9%20%F0%9F%98%80`, () => ({ authorization: right() })],
    ['no query', greet, () => ({ authorization: right() })],
    ['a question mark alone', `${greet}?`, () => ({ authorization: right() })],
    [
      'a caller with a name for the request',
      `${greet}?Data.FirstName=A`,
      () => ({ authorization: right(), 'x-request-id': 'mine-1' }),
    ],
    [
      'a caller from another origin',
      `${greet}?Data.FirstName=A`,
      () => ({ authorization: right(), origin: 'http://localhost:8080' }),
    ],
    ['a service that answers later', '/rest/Later/results.json?Data.FirstName=A', () => ({ authorization: right() })],
    ['no credentials', `${greet}?Data.FirstName=A`, () => ({})],
    ['a wrong password', `${greet}?Data.FirstName=A`, () => ({ authorization: basic('admin', 'wrong') })],
    ['an Authorization that is none', `${greet}?Data.FirstName=A`, () => ({ authorization: 'Digest x' })],
    ['a token that is none', `${greet}?Data.FirstName=A`, () => ({ authorization: 'Bearer x' })],
    [
      'a revision that is none',
      `${greet}?Data.FirstName=A`,
      () => ({ authorization: right(), 'spectrum-revision': 'x' }),
    ],
    ['a wrong option', `${greet}?Data.FirstName=A&Option.Tone=purple`, () => ({ authorization: right() })],
    ['a wrong option, as XML', '/rest/GreetPerson/results.xml?Option.Tone=purple', () => ({ authorization: right() })],
    ['bad percent-encoding', `${greet}?Data.FirstName=%E9`, () => ({ authorization: right() })],
    ['a control character', `${greet}?Data.FirstName=%01`, () => ({ authorization: right() })],
    [
      'a service without its database',
      '/rest/Broken/results.json?Data.FirstName=A',
      () => ({ authorization: right() }),
    ],
    [
      'a service that fails later',
      '/rest/LaterBroken/results.xml?Data.FirstName=A',
      () => ({ authorization: right() }),
    ],
    ['a service that loses a row', '/rest/Short/results.json?Data.FirstName=A', () => ({ authorization: right() })],
    ['an unknown service', '/rest/GreetPersons/results.json?Data.FirstName=A', () => ({ authorization: right() })],
    [
      'a path with an encoded letter',
      '/rest/Greet%50erson/results.json?Data.FirstName=A',
      () => ({ authorization: right() }),
    ],
  ];

  test.each(cases)('%s', async (_name, path, headers) => {
    expect(await answerOf(direct, path, headers())).toEqual(await answerOf(framework, path, headers()));
  });

  test('whatever the query', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Data.FirstName=',
        'Data.id=',
        'Option.Tone=',
        'loud',
        '&',
        '=',
        '+',
        '%20',
        '%',
        '%zz',
        'é',
        '%00',
      ),
      fc.string({ maxLength: 8 }).map(encodeURI),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const path = `${greet}?${encodeURI(pieces.join('')).replaceAll('%25', '%').replaceAll('#', '')}`;
        const headers = { authorization: right() };
        expect(await answerOf(direct, path, headers)).toEqual(await answerOf(framework, path, headers));
      }),
      { numRuns: 60 },
    );
  });

  test('and every failure is counted once', async () => {
    const before = new Map(direct.meter.errors);
    await answerOf(direct, `${greet}?Option.Tone=purple`, { authorization: right() });
    expect(direct.meter.errors.get('INVALID_OPTION')).toBe((before.get('INVALID_OPTION') ?? 0) + 1);
  });
});

async function answerOf(gateway: TestGateway, path: string, headers: Record<string, string>): Promise<object> {
  const response = await fetch(`${gateway.origin}${path}`, { headers });
  const { date: _date, 'x-request-id': requestId = '', ...others } = Object.fromEntries(response.headers);
  const own = headers['x-request-id'] === undefined ? '' : requestId;
  return { status: response.status, others, own, body: (await response.text()).replaceAll(requestId, 'REQUEST') };
}

describe('the lane by itself', () => {
  let listener: Server;
  const handedOver: string[] = [];
  const served: string[] = [];
  const endpoint: LaneStop['endpoint'] = {
    admit: ({ url }) => {
      if (url?.includes('stranger')) throw new Error('refused');
      return url?.includes('unknown') ? Promise.reject(new Error('refused later')) : (undefined as never);
    },
    readQuery: ({ url = '' }) => ({ rows: [{ url }], userFields: [[]], options: {} }),
    run: ({ rows }) => {
      const url = rows[0]?.url ?? '';
      if (url.includes('broken')) throw new Error('broken');
      const answer = [[{ url }]];
      return url.includes('later') ? new Promise((resolve) => setImmediate(() => resolve(answer))) : answer;
    },
    present: (_format, _call, answer) => ({ contentType: 'text/plain', text: answer[0]?.[0]?.url ?? '' }),
    record: ({ rows }) => served.push(rows[0]?.url ?? ''),
  };
  const lane = new ExpressLane({
    stops: [
      { service: 'Here', path: '/s', endpoint, format: 'json' },
      { service: 'Elsewhere', path: '/elsewhere', endpoint, format: 'json' },
    ],
    runsHere: (service) => service === 'Here',
    nameRequest: () => 'r-1',
  });
  const handOver = (request: IncomingMessage, response: ServerResponse) => {
    const error = lane.failureOf(request)?.error;
    handedOver.push(`${request.url} ${error instanceof Error ? error.message : 'untouched'}`);
    response.end('handed over');
  };

  beforeAll(async () => {
    listener = createServer((request, response) => {
      if (!lane.take(request, response, handOver)) handOver(request, response);
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    handedOver.length = 0;
    served.length = 0;
  });
  afterAll(() => new Promise((resolve) => listener.close(resolve)));

  const send = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${(listener.address() as AddressInfo).port}${path}`, init).then((response) =>
      response.text(),
    );

  test('answers plain GETs at its stops and hands nothing over', async () => {
    expect(await send('/s?a')).toBe('/s?a');
    expect(await send('/s')).toBe('/s');
    expect(handedOver).toEqual([]);
  });

  test.each([
    ['another method', '/s?a', { method: 'POST' }],
    ['a question for headers', '/s?a', { method: 'HEAD' }],
    ['another path', '/s/', {}],
    ['a service of other nodes', '/elsewhere?a', {}],
    ['a page of another origin', '/s?a', { headers: { origin: 'https://app.example' } }],
  ])('leaves %s alone', async (_name, path, init) => {
    await send(path, init);
    expect(handedOver).toEqual([`${path} untouched`]);
    expect(served).toEqual([]);
  });

  test.each([
    ['stranger', 'refused'],
    ['unknown', 'refused later'],
    ['broken', 'broken'],
  ])('hands over what fails, with why: %s', async (url, message) => {
    expect(await send(`/s?${url}`)).toBe('handed over');
    expect(handedOver).toEqual([`/s?${url} ${message}`]);
  });

  test('answers a long pipeline in the order asked, a late answer and a failure among them', async () => {
    const urls = Array.from({ length: 50 }, (_, index) => `/s?${index}${['', 'later', 'broken'][index % 7] ?? ''}.`);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
      socket.on('data', (chunk) => {
        received += chunk;
        if (received.endsWith('/s?49.')) socket.end(() => resolve(received));
      });
      socket.write(urls.map((url) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
    });
    const bodies = text.match(/\/s\?[^.]*\.|handed over/g);
    expect(bodies).toEqual(urls.map((url) => (url.includes('broken') ? 'handed over' : url)));
  });
});
