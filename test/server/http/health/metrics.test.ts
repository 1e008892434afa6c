import { createMetricsPage, RequestMeter } from '../../../../server/http/index.ts';

const gauges = {
  configurationRevision: () => 7,
  configurationAgeMs: () => 1_500,
  databases: () => [{ name: 'US', database: 'us', vintage: '2026.10' }],
  databaseReads: () => [{ name: 'US', cached: 90, loaded: 10 }],
};

test('the page shows what the node counted', async () => {
  const meter = new RequestMeter();
  meter.of('GreetPerson').record(3, 0.2);
  meter.of('GreetPerson').record(1, 2_000);
  meter.countError('NOT_PERMITTED');
  const page = createMetricsPage(meter, gauges);
  await page();
  const { contentType, text } = await page();
  expect(contentType).toMatch(/^text\/plain/);
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'spectrum_configuration_revision 7',
      'spectrum_configuration_age_seconds 1.5',
      'spectrum_database_info{resource="US",database="us",vintage="2026.10"} 1',
      'spectrum_database_reads_total{resource="US",from="cache"} 90',
      'spectrum_database_reads_total{resource="US",from="file"} 10',
      'spectrum_rows_total{service="GreetPerson"} 4',
      'spectrum_errors_total{code="NOT_PERMITTED"} 1',
      'spectrum_request_duration_seconds_bucket{service="GreetPerson",le="0.0001"} 0',
      'spectrum_request_duration_seconds_bucket{service="GreetPerson",le="0.00025"} 1',
      'spectrum_request_duration_seconds_bucket{service="GreetPerson",le="5"} 2',
      'spectrum_request_duration_seconds_bucket{service="GreetPerson",le="+Inf"} 2',
      'spectrum_request_duration_seconds_count{service="GreetPerson"} 2',
    ]),
  );
  expect(text).toContain('process_resident_memory_bytes');
});
