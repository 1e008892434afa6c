import { parseAddressLines } from '../../../../server/address/index.ts';
import { listOtherReadings } from '../../../../server/address/parsing/other-readings.ts';

function others(line: string): string[] {
  return listOtherReadings(parseAddressLines([line])).map(({ delivery, extraneous }) => {
    const { houseNumber, predirectional, name, suffix, postdirectional } = delivery.street;
    const street = [houseNumber, predirectional, name, suffix, postdirectional].filter(Boolean).join(' ');
    return extraneous.length > 0 ? `${street} (${extraneous.join()})` : street;
  });
}

test.each([
  ['John Smith 123 Main St', '123 MAIN ST'],
  ['10 B Bar Ranch Rd', '10 B BAR RANCH RD'],
  ['1400 W Shady Grove', '1400 W SHADY GROVE'],
  ['5600 NW 79', '5600 NW 79TH'],
  ['428 S Fourth Corut', '428 S 4TH CT'],
  ['1400 Bruce Place SE Johnson School', '1400 BRUCE PL SE (Johnson School)'],
])('%p may also be %p', (line, expected) => {
  expect(others(line)).toContain(expected);
});

test.each(['123 Main St', 'PO Box 12', ''])('%p is nothing else', (line) => {
  expect(others(line)).toEqual([]);
});
