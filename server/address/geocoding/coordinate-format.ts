import type { Coordinates } from '../../reference-data/index.ts';

/**
 * `Decimal` -73.703051; `DecimalAssumed` -73703051, millionths without point; `PreZero` 073.703051W;
 * `DegMinSec` 73 42 10.98W.
 */
export const coordinateFormats = ['Decimal', 'DecimalAssumed', 'PreZero', 'DegMinSec'] as const;
export type CoordinateFormat = (typeof coordinateFormats)[number];

const axes = {
  latitude: { positive: 'N', negative: 'S', limit: 90 },
  longitude: { positive: 'E', negative: 'W', limit: 180 },
} as const;
type Axis = keyof typeof axes;

export function formatCoordinate(coordinates: Coordinates, axis: Axis, format: CoordinateFormat): string {
  const degrees = coordinates[axis];
  const letter = degrees < 0 ? axes[axis].negative : axes[axis].positive;
  switch (format) {
    case 'Decimal':
      return degrees.toFixed(6);
    case 'DecimalAssumed':
      return String(Math.round(degrees * 1e6));
    case 'PreZero':
      return `${Math.abs(degrees).toFixed(6).padStart(10, '0')}${letter}`;
    case 'DegMinSec':
      return `${formatSexagesimal(Math.abs(degrees))}${letter}`;
  }
}

/** Reads a coordinate of any format; undefined when it is none or off the globe. A point or a letter wins over `format`. */
export function parseCoordinate(text: string, axis: Axis, format: CoordinateFormat): number | undefined {
  const { positive, negative, limit } = axes[axis];
  const match =
    /^([+-]?)\s*(\d{1,9}(?:\.\d{0,20})?)(?:[\s°:]+(\d{1,2})(?:[\s'′:]+(\d{1,2}(?:\.\d{0,9})?))?["″]?)?\s*([A-Za-z]?)$/.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const [, sign, whole = '', minutes = '0', seconds = '0', letter = ''] = match;
  const direction = letter.toUpperCase();
  if (direction !== '' && direction !== positive && direction !== negative) return undefined;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const isAssumed = format === 'DecimalAssumed' && !whole.includes('.') && match[3] === undefined && letter === '';
  const size = isAssumed ? Number(whole) / 1e6 : Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600;
  if (size > limit) return undefined;
  return sign === '-' || direction === negative ? -size : size;
}

function formatSexagesimal(degrees: number): string {
  // In hundredths of a second first, so that 59.999 carries over.
  const hundredths = Math.round(degrees * 360_000);
  const seconds = (hundredths % 6_000) / 100;
  const minutes = Math.floor(hundredths / 6_000) % 60;
  return `${Math.floor(hundredths / 360_000)} ${String(minutes).padStart(2, '0')} ${seconds.toFixed(2).padStart(5, '0')}`;
}
