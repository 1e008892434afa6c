import type { LinesReading } from './address-lines.ts';
import type { DeliveryLine } from './delivery-line.ts';
import type { DeliveryService } from './delivery-services.ts';
import { emptyStreetLine, type StreetLine } from './street-line.ts';

/** `N` postal order, `P` box first, `S` street first (addressing reference 1.3, DualAddressLogic). */
export type DualAddressLogic = 'N' | 'P' | 'S';

/** Splits each reading that holds a street and a box on one line into two, the wanted one first. */
export function orderDualReadings(readings: readonly LinesReading[], logic: DualAddressLogic): readonly LinesReading[] {
  if (!readings.some(({ delivery }) => delivery.dual !== undefined)) return readings;
  return readings.flatMap((reading) => {
    const { dual } = reading.delivery;
    if (dual === undefined) return [reading];
    const street = { ...reading, delivery: { ...reading.delivery, dual: undefined }, dropped: formatService(dual) };
    const box = {
      ...reading,
      delivery: asService(reading.delivery, dual),
      dropped: formatStreet(reading.delivery.street),
    };
    // The postal order puts a PO box before a street and a rural route behind it.
    const isBoxFirst = logic === 'P' || (logic === 'N' && dual.kind === 'poBox');
    return isBoxFirst ? [box, street] : [street, box];
  });
}

/** `PO BOX 12`, `RR 2 BOX 348`, `GENERAL DELIVERY`. */
export function formatService({ kind, name, box }: DeliveryService): string {
  if (box === '') return name;
  return kind === 'poBox' ? `${name} ${box}` : `${name} BOX ${box}`;
}

/** The whole street line, upper case. */
export function formatStreet(line: StreetLine): string {
  const { houseNumber, predirectional, name, suffix, postdirectional } = line;
  const text = joinParts(houseNumber, predirectional, name, suffix, postdirectional);
  const unit = formatUnit(line.outerUnit, line.unitDesignator, line.unitNumber);
  return unit === '' ? text : joinParts(text, unit);
}

/** Those of the parts that are not empty, with a space between. */
export function joinParts(...parts: readonly string[]): string {
  let text = '';
  for (const part of parts) if (part !== '') text = text === '' ? part : `${text} ${part}`;
  return text;
}

/** `BLDG 3 APT 4`; empty without unit. */
export function formatUnit(outerUnit: string, designator: string, number: string): string {
  if (designator === '') return outerUnit;
  const unit = number === '' ? designator : `${designator} ${number}`;
  return outerUnit === '' ? unit : `${outerUnit} ${unit}`;
}

function asService(delivery: DeliveryLine, service: DeliveryService): DeliveryLine {
  return { ...delivery, kind: service.kind, service, dual: undefined, street: emptyStreetLine };
}
