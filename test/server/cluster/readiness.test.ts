import { Readiness } from '../../../server/cluster/index.ts';

test('a node is ready when everything awaited is done', () => {
  const readiness = new Readiness(['databases open', 'port open']);
  readiness.done('port open');
  expect(readiness.reasons()).toEqual(['waiting for: databases open']);
  readiness.done('databases open');
  expect(readiness.reasons()).toEqual([]);
});

test('a draining node is not ready, whatever is still done', () => {
  const readiness = new Readiness(['databases open']);
  readiness.drain();
  readiness.done('databases open');
  expect(readiness.reasons()).toEqual(['draining']);
  expect(readiness.isDraining()).toBe(true);
});

test('a fault of this node counts until it is cleared', () => {
  const readiness = new Readiness([]);
  readiness.reportFault('clock is wrong');
  expect(readiness.reasons()).toEqual(['clock is wrong']);
  readiness.clearFault('clock is wrong');
  expect(readiness.reasons()).toEqual([]);
});
