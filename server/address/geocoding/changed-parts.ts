import type { LastLine } from '../parsing/last-line.ts';
import type { AddressMatch } from '../validation/address-match.ts';
import type { ChangedParts } from './match-code.ts';

/** What the match changed or filled in, for the digits of its match code. */
export function listChangedParts(match: AddressMatch, given: LastLine): ChangedParts {
  const { difference, lastLine, point, range } = match;
  const addOn = point?.addOn || range?.addOn || '';
  return {
    postalCode: lastLine.postalCode !== 'same',
    city: lastLine.city !== 'same',
    stateProvince: lastLine.stateProvince !== 'same',
    addOn: addOn !== '' && addOn !== given.addOn,
    suffix: difference.suffix !== 'same',
    predirectional: difference.predirectional !== 'same',
    postdirectional: difference.postdirectional !== 'same',
    name: difference.name !== 'same',
  };
}
