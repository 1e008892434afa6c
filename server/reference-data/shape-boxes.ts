import type { Coordinates } from './records.ts';

/** West, south, east and north in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** Rectangles around some shapes, first the one around all of them: four numbers each, in the order of `Box`. */
export type ShapeBoxes = Float64Array;

export function boxShapes(shapes: readonly { readonly shape: readonly Coordinates[] }[]): ShapeBoxes {
  const boxes = new Float64Array(4 * (shapes.length + 1));
  for (let at = 0; at < boxes.length; at += 4) {
    boxes.fill(Number.POSITIVE_INFINITY, at, at + 2);
    boxes.fill(Number.NEGATIVE_INFINITY, at + 2, at + 4);
  }
  shapes.forEach(({ shape }, index) => {
    for (const vertex of shape) {
      widen(boxes, 0, vertex);
      widen(boxes, 4 * (index + 1), vertex);
    }
  });
  return boxes;
}

/** Appends the indexes of the shapes whose rectangles touch a box. */
export function collectTouching(boxes: ShapeBoxes, [west, south, east, north]: Box, indexes: number[]): void {
  for (let at = 0; at < boxes.length; at += 4) {
    const touches =
      (boxes[at] ?? 0) <= east &&
      (boxes[at + 2] ?? 0) >= west &&
      (boxes[at + 1] ?? 0) <= north &&
      (boxes[at + 3] ?? 0) >= south;
    if (at > 0 && touches) indexes.push(at / 4 - 1);
    if (at === 0 && !touches) return;
  }
}

function widen(boxes: ShapeBoxes, at: number, { longitude, latitude }: Coordinates): void {
  boxes[at] = Math.min(boxes[at] ?? 0, longitude);
  boxes[at + 1] = Math.min(boxes[at + 1] ?? 0, latitude);
  boxes[at + 2] = Math.max(boxes[at + 2] ?? 0, longitude);
  boxes[at + 3] = Math.max(boxes[at + 3] ?? 0, latitude);
}
