import { join } from 'node:path';
import type { GridEntry } from '../../../server/reference-data/grid-block.ts';
import { GridSorter } from '../../../server/reference-data/grid-sorter.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

test.each([0, 5, 26_000])('%i entries come out by cell, then in the order in which they came', async (count) => {
  const { path, remove } = await makeTemporaryFolder();
  const sorter = new GridSorter(join(path, 'runs'), 10_000);
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed;
  };
  const perCall = 1_000;
  for (let from = 0; from < count; from += perCall) {
    const size = Math.min(perCall, count - from);
    // Cells far beyond 32 bits, and few enough that many are equal.
    const cells = Float64Array.from({ length: size }, () => 2 ** 33 + (next() % 1_000));
    const blocks = Uint32Array.from({ length: size }, (_, at) => Math.floor((from + at) / 7));
    await sorter.add(
      cells,
      blocks,
      Uint32Array.from({ length: size }, (_, at) => (from + at) % 7),
    );
  }
  let before: GridEntry | undefined;
  let seen = 0;
  let wrong = 0;
  for await (const entry of sorter.sorted()) {
    seen += 1;
    const isAfter =
      before === undefined ||
      before.cell < entry.cell ||
      (before.cell === entry.cell &&
        (before.directoryBlock < entry.directoryBlock ||
          (before.directoryBlock === entry.directoryBlock && before.index < entry.index)));
    if (!isAfter) wrong += 1;
    before = entry;
  }
  expect({ seen, wrong }).toEqual({ seen: count, wrong: 0 });
  await remove();
});
