export { standardizeHouseNumber } from './parsing/house-number.ts';
export { findState } from './parsing/states.ts';
export { parseStreetLine, type StreetLine } from './parsing/street-line.ts';
export { type StreetName, standardizeStreet } from './parsing/street-name.ts';
export { parseUnit, type Unit } from './parsing/unit.ts';
