import { openProgress } from '../../../cli/output/progress.ts';

test('a pipe gets each step once and no control characters', () => {
  const { output, written } = record();
  const progress = openProgress(output);
  progress.show('Building', 'read 10 %');
  progress.show('Building', 'read 20 %');
  progress.show('Starting');
  progress.say('Ready');
  expect(written.join('')).toBe('Building\nStarting\nReady\n');
});

test('a terminal gets one line that is written over', () => {
  const { output, written } = record(80);
  const progress = openProgress(output);
  progress.show('Building', 'read 10 %');
  progress.show('Building', 'read 20 %');
  progress.say('Ready');
  progress.say('Stopping');
  const erase = '\r\u001b[2K';
  expect(written).toEqual([
    `${erase}Building: read 10 %`,
    `${erase}Building: read 20 %`,
    `${erase}Ready\n`,
    'Stopping\n',
  ]);
});

test.each([30, 60])('the live line never wraps in %s columns', (columns) => {
  const { output, written } = record(columns);
  openProgress(output).show('Building the starter database', 'postal codes of GeoNames 12 %');
  expect(String(written[0]).replace('\r\u001b[2K', '').length).toBeLessThan(columns);
});

function record(columns?: number) {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), ...(columns ? { isTTY: true, columns } : {}) };
  return { output, written };
}
