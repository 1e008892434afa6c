import { parseDeliveryLine } from '../../../../server/address/index.ts';

test.each([
  ['PO Box 12', 'poBox', 'PO BOX', '12'],
  ['P.O. Box #123', 'poBox', 'PO BOX', '123'],
  ['p o box 0012', 'poBox', 'PO BOX', '12'],
  ['POB 5', 'poBox', 'PO BOX', '5'],
  ['POBOX12', 'poBox', 'PO BOX', '12'],
  ['Post Office Box 77 A', 'poBox', 'PO BOX', '77A'],
  ['Box# 63', 'poBox', 'PO BOX', '63'],
  ['Drawer K', 'poBox', 'PO BOX', 'K'],
  ['RR 2 Box 348', 'ruralRoute', 'RR 2', '348'],
  ['RR2 BOX 348', 'ruralRoute', 'RR 2', '348'],
  ['R.R. 2', 'ruralRoute', 'RR 2', ''],
  ['Rt 2 Box 5', 'ruralRoute', 'RR 2', '5'],
  ['Rural Route 5, Box 10-A', 'ruralRoute', 'RR 5', '10-A'],
  ['HC72 Box 34', 'highwayContract', 'HC 72', '34'],
  ['Star Route 3 Box 4', 'highwayContract', 'HC 3', '4'],
  ['PSC 802 Box 74', 'military', 'PSC 802', '74'],
  ['Unit 2050 Box 4190', 'military', 'UNIT 2050', '4190'],
  ['CMR 1250', 'military', 'CMR 1250', ''],
  ['Gen Delivery', 'generalDelivery', 'GENERAL DELIVERY', ''],
])('reads %p without a street', (line, kind, name, box) => {
  expect(parseDeliveryLine(line)).toMatchObject({ kind, service: { name, box } });
});

test.each([
  ['123 Route 9', 'ROUTE 9'],
  ['1234 RR 620 S', 'RANCH ROAD 620'],
  ['9 Post Rd', 'POST'],
  ['100 Star Rd', 'STAR'],
  ['123 PO Box Rd', 'PO BOX'],
  ['1 General Washington Dr', 'GENERAL WASHINGTON'],
])('takes %p for a street', (line, name) => {
  expect(parseDeliveryLine(line)).toMatchObject({ kind: 'street', street: { name } });
});

test.each([
  ['401 N Main St Apt 1 POB 1', 'PO BOX', '1'],
  ['PO Box 1 401 N Main St', 'PO BOX', '1'],
  ['36 GRANT RD RR 3', 'RR 3', ''],
])('finds both addresses of %p', (line, name, box) => {
  expect(parseDeliveryLine(line)).toMatchObject({ kind: 'street', dual: { name, box } });
});

test('sets apart what is no part of the address, as written', () => {
  expect(parseDeliveryLine('123 Main St C/O John Smith').extraneous).toEqual(['C/O John Smith']);
  expect(parseDeliveryLine('728 W Roosevelt (M/C 050) Rm 287')).toMatchObject({
    street: { name: 'ROOSEVELT', unitNumber: '287' },
    extraneous: ['M/C 050'],
  });
});

test('any number of brackets in a line are remarks', () => {
  const read = parseDeliveryLine(`123 Main St (rear) Apt 4 ${'(up)'.repeat(20_000)} (left`);
  expect(read.street).toMatchObject({ name: 'MAIN', unitNumber: '4' });
  expect([read.extraneous.length, read.extraneous[0], read.extraneous.at(-1)]).toEqual([20_002, 'rear', 'left']);
});

test('takes a private mailbox out of the line', () => {
  expect(parseDeliveryLine('123 Main St PMB 12')).toMatchObject({ street: { name: 'MAIN' }, privateMailbox: '12' });
});

test.each(['Apt 10E', '#5', 'B', '## 14'])('sees that %p is only a unit', (line) => {
  expect(parseDeliveryLine(line).kind).toBe('unit');
});

test('takes a number sign behind another unit for a private mailbox', () => {
  expect(parseDeliveryLine('123 Main St Ste 100 # 12')).toMatchObject({
    street: { unitDesignator: 'STE', unitNumber: '100', outerUnit: '' },
    privateMailbox: '12',
    privateMailboxMark: '#',
  });
});
