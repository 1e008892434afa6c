import { countErrors } from '../parsing/typing-errors.ts';
import { maximumErrors } from './name-distance.ts';
import type { Change } from './street-difference.ts';

/** How the urbanization of a street relates to the one that was sent. */
export interface UrbanizationMatch {
  readonly change: Change;
  readonly contradictions: number;
  readonly cost: number;
}

/** Prices as in `street-difference.ts`. */
const price = { misspelt: 15, other: 25 } as const;

const same: UrbanizationMatch = { change: 'same', contradictions: 0, cost: 0 };
/** All urbanizations are as good as each other when none was sent. */
const filled: UrbanizationMatch = { change: 'filled', contradictions: 0, cost: 0 };
const misspelt: UrbanizationMatch = { change: 'changed', contradictions: 0.5, cost: price.misspelt };
const other: UrbanizationMatch = { change: 'changed', contradictions: 1, cost: price.other };

/** Undefined for a street without urbanization: what was sent is then neither confirmed nor contradicted. */
export function matchUrbanization(
  given: string | undefined,
  { urbanization }: { readonly urbanization?: string | undefined },
): UrbanizationMatch | undefined {
  if (urbanization === undefined) return undefined;
  const [sent, known] = [toName(given ?? ''), toName(urbanization)];
  if (sent === '') return filled;
  if (sent === known) return same;
  const limit = maximumErrors('M', Math.min(sent.length, known.length));
  return limit > 0 && countErrors(sent, known, limit) <= limit ? misspelt : other;
}

/** The name without the word before it, accents and punctuation. */
function toName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
    .replace(/^URB(?:ANIZACION|ANIZATION)? /, '');
}
