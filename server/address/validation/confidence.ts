import type { AddressMatch } from './address-match.ts';
import type { Change } from './street-difference.ts';

/** Weight of each element and what is left of it when it was changed or filled in (addressing reference 1.13). */
const weights = {
  country: { weight: 10, changed: 1, filled: 0 },
  city: { weight: 10, changed: 0.5, filled: 0.75 },
  stateProvince: { weight: 15, changed: 0.5, filled: 0.75 },
  postalCode: { weight: 15, changed: 0.25, filled: 0.25 },
  streetName: { weight: 15, changed: 0.5, filled: 0.75 },
  houseNumber: { weight: 15, changed: 0.5, filled: 0.75 },
  directionals: { weight: 10, changed: 0.5, filled: 0.75 },
  suffix: { weight: 5, changed: 0.5, filled: 0.75 },
  apartmentNumber: { weight: 5, changed: 0.5, filled: 0.75 },
} as const;

const full = 100;

/**
 * Confidence of a match, 0 to 100. An element that is empty on both sides counts in full, and so do city and state
 * that follow from a ZIP Code the sender gave (docs/decisions/0011-confidence.md).
 */
export function measureConfidence(match: AddressMatch): number {
  const { difference, lastLine } = match;
  const fromCode = lastLine.postalCode === 'same';
  let loss = 0;
  loss += lossOf(weights.city, lastLine.city, fromCode);
  loss += lossOf(weights.stateProvince, lastLine.stateProvince, fromCode);
  loss += lossOf(weights.postalCode, lastLine.postalCode, false);
  loss += lossOf(weights.streetName, difference.name, false);
  loss += lossOf(weights.suffix, difference.suffix, false);
  loss += Math.max(
    lossOf(weights.directionals, difference.predirectional, false),
    lossOf(weights.directionals, difference.postdirectional, false),
  );
  if (match.houseNumber !== match.line.houseNumber) loss += lossOf(weights.houseNumber, 'changed', false);
  if (match.unit !== 'none' && match.unit !== 'matched') loss += weights.apartmentNumber.weight;
  return Math.round(full - loss);
}

function lossOf(
  rule: { readonly weight: number; readonly changed: number; readonly filled: number },
  change: Change,
  isDetermined: boolean,
): number {
  if (change === 'same' || (change === 'filled' && isDetermined)) return 0;
  return rule.weight * (1 - (change === 'filled' ? rule.filled : rule.changed));
}
