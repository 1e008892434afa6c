import { matchNames, placeBelow } from '../../../server/connections/remote-paths.ts';

test.each([
  ['.', 'a.csv', 'a.csv'],
  ['.', 'in/a.csv', 'in/a.csv'],
  ['.', '/a.csv', 'a.csv'],
  ['data', 'in/../a.csv', 'data/a.csv'],
  ['/data', 'a.csv', '/data/a.csv'],
  ['/data/', '/a*.csv', '/data/a*.csv'],
  ['/', 'a.csv', '/a.csv'],
])('below %s, %s is %s', (folder, path, placed) => {
  expect(placeBelow('far', folder, path)).toBe(placed);
});

test.each([
  ['.', '../a.csv'],
  ['.', '.'],
  ['.', ''],
  ['data', '../data2/a.csv'],
  ['data', '../data'],
  ['/data', '../../a.csv'],
  ['/data', 'in/'],
])('below %s there is no %s', (folder, path) => {
  expect(() => placeBelow('far', folder, path)).toThrow(
    `file: ${path} is outside of the folder of the file server far`,
  );
});

test('a pattern stands for names of its folder, and never for half-written files', () => {
  const names = ['b.csv', 'a.csv', 'a+csv', '.a.csv.spectrum-run', 'in/a.csv'];
  expect(matchNames('far', 'x/*.csv', names)).toEqual(['x/a.csv', 'x/b.csv']);
  expect(matchNames('far', '?.csv', names)).toEqual(['a.csv', 'b.csv']);
  expect(() => matchNames('far', 'c*', names)).toThrow('file: c* is not on the file server far');
});
