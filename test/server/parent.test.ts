import { EventEmitter } from 'node:events';
import { answerParent } from '../../server/parent.ts';

/** A parent as a child process sees it. */
class FakeParent extends EventEmitter {
  readonly heard: unknown[] = [];
  gone = false;

  send(message: unknown, _handle: unknown, _options: unknown, callback?: (error: Error | null) => void): boolean {
    const error = this.gone ? new Error('channel closed') : null;
    if (error === null) this.heard.push(message);
    // Without a callback node emits the error on the process, which ends it.
    if (callback) callback(error);
    else if (error) this.emit('error', error);
    return !this.gone;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function open(metrics: () => Promise<{ contentType: string; text: string }>) {
  const parent = new FakeParent();
  const troubles: unknown[] = [];
  answerParent(parent as never, { metrics }, (error) => troubles.push(error));
  const ask = async (message: object) => {
    parent.emit('message', message);
    await settled();
  };
  return { parent, troubles, ask };
}

test('each question of the parent is answered with the metrics of then, anything else with nothing', async () => {
  let count = 0;
  const { parent, troubles, ask } = open(async () => ({ contentType: 'text/plain', text: `count ${++count}` }));
  await ask({ askMetrics: 0 });
  await ask({ leave: true });
  await ask({ askMetrics: 7 });
  expect(parent.heard).toEqual([
    { metricsOf: 0, text: 'count 1' },
    { metricsOf: 7, text: 'count 2' },
  ]);
  expect(troubles).toEqual([]);
});

test('metrics that cannot be read are told, and the next question is answered again', async () => {
  const failures = [new Error('no memory figures')];
  const { parent, troubles, ask } = open(async () => {
    const failure = failures.pop();
    if (failure) throw failure;
    return { contentType: 'text/plain', text: 'up 1' };
  });
  await ask({ askMetrics: 1 });
  expect([parent.heard, troubles]).toEqual([[], [new Error('no memory figures')]]);
  await ask({ askMetrics: 2 });
  expect(parent.heard).toEqual([{ metricsOf: 2, text: 'up 1' }]);
});

test('a parent that is gone before it is answered troubles nobody', async () => {
  const { parent, troubles, ask } = open(async () => ({ contentType: 'text/plain', text: 'up 1' }));
  parent.gone = true;
  await ask({ askMetrics: 1 });
  expect([parent.heard, troubles]).toEqual([[], []]);
});
