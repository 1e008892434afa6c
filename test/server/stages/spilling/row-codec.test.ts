import fc from 'fast-check';
import type { LayoutField, Row, Value } from '../../../../server/dataflow/index.ts';
import { createRowCodec } from '../../../../server/stages/spilling/row-codec.ts';

const scalar: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  string: fc.string({ unit: 'binary' }),
  boolean: fc.boolean(),
  integer: fc.integer(),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  double: fc.double(),
  bigdecimal: fc.constantFrom('0', '-12.5', '99999999999999999999.00001'),
  datetime: fc.integer(),
  bytearray: fc.uint8Array(),
  geometry: fc.constant({ type: 'Point', coordinates: [-77.1, 38.9] }),
};
const fields = Object.keys(scalar).map((type) => ({ name: type, type }) as LayoutField);
const row = fc.tuple(...Object.values(scalar).map((value) => fc.option(value))) as fc.Arbitrary<Row>;

test('rows of every type are read as they were written, lists of them too', () => {
  const codec = createRowCodec([...fields, { name: 'list', type: 'list', fields }]);
  const withList = fc.tuple(row, fc.option(fc.array(row, { maxLength: 3 }))).map(([values, list]) => [...values, list]);
  fc.assert(
    fc.property(fc.array(withList, { maxLength: 5 }), (rows) => {
      expect(codec.decode(codec.encode(rows as Row[]))).toEqual(rows);
    }),
  );
});
