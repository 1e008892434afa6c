import type { LinesReading } from './address-lines.ts';
import type { StreetLineSpans } from './street-line.ts';
import { Shape, type Token, tokenize } from './tokens.ts';

/** The parts of an address as the sender wrote them; missing parts are empty. */
export interface InputParts {
  readonly houseNumber: string;
  readonly leadingDirectional: string;
  readonly streetName: string;
  readonly streetSuffix: string;
  readonly trailingDirectional: string;
  readonly apartmentLabel: string;
  readonly apartmentNumber: string;
  readonly poBox: string;
  readonly route: string;
  readonly privateMailbox: string;
}

const noParts: InputParts = {
  houseNumber: '',
  leadingDirectional: '',
  streetName: '',
  streetSuffix: '',
  trailingDirectional: '',
  apartmentLabel: '',
  apartmentNumber: '',
  poBox: '',
  route: '',
  privateMailbox: '',
};

/** Cuts the parts out of the line they were read from. */
export function listInputParts(reading: LinesReading | undefined): InputParts {
  if (reading === undefined) return noParts;
  const { delivery } = reading;
  const { service, spans, privateMailbox } = delivery;
  if (service !== undefined) {
    return { ...noParts, poBox: service.box, route: service.kind === 'poBox' ? '' : service.name, privateMailbox };
  }
  if (spans === undefined) return { ...noParts, privateMailbox };
  const { line } = delivery;
  const tokens = tokenize(line);
  const cut = (from: number, to: number) => (from < to ? line.slice(tokens[from]?.start, tokens[to - 1]?.end) : '');
  return {
    ...noParts,
    houseNumber: cut(spans.from, spans.numberEnd),
    leadingDirectional: cut(spans.predirectionalAt, spans.nameAt),
    streetName: cut(spans.nameAt, spans.suffixAt),
    streetSuffix: cut(spans.suffixAt, spans.postdirectionalAt),
    trailingDirectional: cut(spans.postdirectionalAt, spans.unitAt),
    ...cutUnit(reading, tokens, spans),
    privateMailbox,
  };
}

/** The last unit, from whichever line it stands on. */
function cutUnit(
  { delivery }: LinesReading,
  tokens: readonly Token[],
  spans: StreetLineSpans,
): { readonly apartmentLabel: string; readonly apartmentNumber: string } {
  const { unitNumber } = delivery.street;
  const label = cutLabel(delivery.line, tokens.slice(spans.unitAt, spans.to), delivery.street.unitDesignator);
  if (label !== '' || delivery.unitLine === '') return { apartmentLabel: label, apartmentNumber: unitNumber };
  const other = cutLabel(delivery.unitLine, tokenize(delivery.unitLine), delivery.street.unitDesignator);
  return { apartmentLabel: other, apartmentNumber: unitNumber };
}

function cutLabel(line: string, tokens: readonly Token[], designator: string): string {
  const found = tokens.findLast(({ word, shape }) => word.unit === designator || (shape & Shape.hash) !== 0);
  return designator === '' || found === undefined ? '' : line.slice(found.start, found.end);
}
