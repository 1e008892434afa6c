import { mergeMetrics } from '../../../../server/http/health/merge-metrics.ts';

test('samples of several processes stand behind one description, told apart by a label', () => {
  const page = (value: number) =>
    `# HELP rows_total Rows\n# TYPE rows_total counter\nrows_total{service="A"} ${value}\n\n# HELP up Up\n# TYPE up gauge\nup ${value}\n`;
  const pages = new Map([
    [1, page(3)],
    [2, page(4)],
  ]);
  expect(mergeMetrics(pages).split('\n')).toEqual([
    '# HELP rows_total Rows',
    '# TYPE rows_total counter',
    'rows_total{worker="1",service="A"} 3',
    'rows_total{worker="2",service="A"} 4',
    '# HELP up Up',
    '# TYPE up gauge',
    'up{worker="1"} 3',
    'up{worker="2"} 4',
    '',
  ]);
});
