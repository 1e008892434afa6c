import { systemClock } from '../../../../server/foundation/clock.ts';
import { TokenKeys } from '../../../../server/http/security/token-keys.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';

let configuration: InMemoryConfiguration;
let keys: TokenKeys;
beforeEach(() => {
  configuration = new InMemoryConfiguration();
  keys = new TokenKeys({ configuration, clock: systemClock });
});

const put = (number: number, letter: string) =>
  configuration.put('token-key', `key-${number}`, { number, secret: letter.repeat(43), createdAtMs: Date.now() });
const shown = () => keys.all().map((key) => key.toString('base64url').charAt(0));

test('the newest key comes first, as soon as the configuration has it', async () => {
  await put(1, 'A');
  expect(shown()).toEqual(['A']);
  await put(2, 'B');
  expect(shown()).toEqual(['B', 'A']);
});

test('the keys of another epoch at the same revision replace those known: a restore ends the tokens it does not have', async () => {
  await put(1, 'A');
  expect(shown()).toEqual(['A']);
  configuration.forceMove();
  await put(1, 'B');
  expect(shown()).toEqual(['B']);
});
