import {
  type CanadianSettings,
  chooseLanguage,
  formatCanadianLine,
} from '../../../../server/address/international/canadian-format.ts';
import { parseCanadianLine } from '../../../../server/address/international/canadian-line.ts';

const settings: CanadianSettings = {
  frenchFormat: 'C',
  englishApartmentLabel: 'Apt',
  frenchApartmentLabel: 'App',
  nonCivicFormat: 'A',
  ruralRouteFormat: 'A',
  deliveryOfficeFormat: 'I',
  unitFormat: 'B',
};
const sender = { isFrench: false, province: 'ON' };
function write(text: string, changed: Partial<CanadianSettings> = {}, from = sender): readonly string[] {
  const line = parseCanadianLine(text);
  const wanted = { ...settings, ...changed };
  return formatCanadianLine(line, chooseLanguage(line, wanted, from), wanted);
}

test.each([
  ['36 GRANT RD RR 3', {}, ['36 GRANT RD RR 3']],
  ['36 Grant Road, R.R. 3', { ruralRouteFormat: 'S' }, ['36 GRANT RD', 'RR 3']],
  ['123 rue Main app 400', { unitFormat: 'F' }, ['400-123 RUE MAIN']],
  ['400-123 Rue Main', { unitFormat: 'E', frenchApartmentLabel: 'App' }, ['APP 400 123 RUE MAIN']],
  ['400-123 Main St', { unitFormat: 'E' }, ['APT 400 123 MAIN ST']],
  ['400-123 Main Street West', {}, ['123 MAIN ST W APT 400']],
  ['Suite 400 123 Main St', {}, ['123 MAIN ST SUITE 400']],
  ['400-123 Main St', { unitFormat: 'S' }, ['123 MAIN ST', 'APT 400']],
  ['400-123 Main St', { unitFormat: 'I' }, ['400-123 MAIN ST']],
  ['123 Main St W', { frenchFormat: 'T' }, ['123 MAIN ST W']],
  ['PO Box 5 Station A', {}, ['PO BOX 5 STN A']],
  ['P.O. Box 5 Stn A', { nonCivicFormat: 'F', deliveryOfficeFormat: 'S' }, ['POST OFFICE BOX 5', 'STATION A']],
  ['General Delivery', {}, ['GD']],
  ['123 1/2 Elm Cres', {}, ['123 1/2 ELM CRES']],
  ['10-123 1/2 Main St NW', {}, ['123 1/2 MAIN ST NW APT 10']],
] as const)('%p with %j', (text, changed, lines) => {
  expect(write(text, changed)).toEqual(lines);
});

test.each([
  ['123 Main St W', { isFrench: true, province: 'ON' }, ['123 RUE MAIN O']],
  ['123 Main St W', { isFrench: false, province: 'QC' }, ['123 RUE MAIN O']],
  ['123 rue Main O', { isFrench: false, province: 'ON' }, ['123 MAIN ST W']],
  ['12 rang Double', { isFrench: false, province: 'ON' }, ['12 RANG DOUBLE']],
])('%p in the language of %j', (text, from, lines) => {
  expect(write(text, { frenchFormat: 'T' }, from)).toEqual(lines);
});
