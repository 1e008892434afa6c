import { extractLines } from '../../../../server/address/extraction/extracted-lines.ts';

const record = (...addressLines: string[]) => ({ addressLines, firmName: '', urbanization: '' });
const both = { extractsFirm: true, extractsUrbanization: true };

test.each([
  [['Precisely', '1 Global View'], 'Precisely', '', ['', '1 Global View']],
  [['John Smith', 'Acme Inc', '1 Global View', 'Apt 5'], 'Acme Inc', '', ['John Smith', '', '1 Global View', 'Apt 5']],
  [['A1 Calle A', '', 'URB Alamar', 'Precisely'], 'Precisely', 'URB Alamar', ['A1 Calle A', '', '', '']],
  [['1 Green River', 'Valley Rd'], '', '', ['1 Green River', 'Valley Rd']],
  [['1 Main St', 'Apt 5'], '', '', ['1 Main St', 'Apt 5']],
  [['1 Main St', 'C/O John Smith'], '', '', ['1 Main St', 'C/O John Smith']],
  [['Main Office', 'Somewhere'], '', '', ['Main Office', 'Somewhere']],
  [['First National Bank', 'PO Box 5'], 'First National Bank', '', ['', 'PO Box 5']],
])('%j: firm %p, urbanization %p', (lines, firmName, urbanization, addressLines) => {
  expect(extractLines(record(...lines), both)).toEqual({ addressLines, firmName, urbanization });
});

test('a field that is filled keeps its value and the lines theirs', () => {
  const given = { ...record('Acme Inc', '1 Main St', 'URB Alamar'), firmName: 'Other', urbanization: 'URB Other' };
  expect(extractLines(given, both)).toEqual(given);
});

test('only what is asked for is taken', () => {
  const given = record('Acme Inc', '1 Main St', 'URB Alamar');
  expect(extractLines(given, { extractsFirm: false, extractsUrbanization: true })).toMatchObject({
    firmName: '',
    urbanization: 'URB Alamar',
  });
});
