export { type LinesReading, parseAddressLines } from './parsing/address-lines.ts';
export { type DeliveryKind, type DeliveryLine, parseDeliveryLine } from './parsing/delivery-line.ts';
export { standardizeHouseNumber } from './parsing/house-number.ts';
export { type LastLine, parseLastLine } from './parsing/last-line.ts';
export { type PostalCode, parsePostalCode } from './parsing/postal-code.ts';
export { findState } from './parsing/states.ts';
export { parseStreetLine, type StreetLine } from './parsing/street-line.ts';
export { type StreetName, standardizeStreet } from './parsing/street-name.ts';
export { parseUnit, type Unit } from './parsing/unit.ts';
