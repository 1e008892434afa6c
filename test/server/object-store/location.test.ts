import { formatLocation, locationIn, parseLocation, splitLocation } from '../../../server/object-store/index.ts';

test.each([
  ['s3://bucket/a/b', { kind: 's3', bucket: 'bucket', key: 'a/b' }],
  ['s3://bucket/a/', { kind: 's3', bucket: 'bucket', key: 'a' }],
  ['/data/x', { kind: 'file', path: '/data/x' }],
])('%s is a location', (text, location) => {
  expect(parseLocation(text)).toEqual(location);
});

test.each(['', 's3://b', 's3://bucket/', 'https://example.com/x', 's3://UPPER/x'])('%j is none', (text) => {
  expect(() => parseLocation(text)).toThrow(`"${text}" is not a location; use a path or s3://<bucket>/<key>`);
});

test.each(['s3://bucket/a/b.json', '/data/b.json'])('%s is its folder and its name', (text) => {
  const { folder, name } = splitLocation(parseLocation(text));
  expect(name).toBe('b.json');
  expect(formatLocation(locationIn(folder, name))).toBe(text);
});
