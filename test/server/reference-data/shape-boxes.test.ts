import fc from 'fast-check';
import { type Box, boxShapes, collectTouching } from '../../../server/reference-data/shape-boxes.ts';

const degrees = fc.integer({ min: -40, max: 40 });
const shape = fc.record({
  shape: fc.array(fc.record({ longitude: degrees, latitude: degrees }), { minLength: 1, maxLength: 5 }),
});

test('the shapes whose rectangles touch a box are told, and no other', () => {
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 9 }), degrees, degrees, fc.nat(20), fc.nat(20), (shapes, x, y, dx, dy) => {
      const box: Box = [x, y, x + dx, y + dy];
      const found: number[] = [];
      collectTouching(boxShapes(shapes), box, found);
      const expected = shapes.flatMap(({ shape }, index) => {
        const [east, north] = [shape.map(({ longitude }) => longitude), shape.map(({ latitude }) => latitude)];
        const isBeside = Math.max(...east) < x || Math.min(...east) > x + dx;
        const isAbove = Math.max(...north) < y || Math.min(...north) > y + dy;
        return isBeside || isAbove ? [] : [index];
      });
      expect(found).toEqual(expected);
    }),
  );
});
