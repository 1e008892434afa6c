/**
 * A failing property prints its seed; `PROPERTY_SEED=<seed> npx jest <file>` runs the same cases again. Loaded before
 * every test file, so that the library is only read where somebody asks.
 */
const seed = process.env.PROPERTY_SEED;
if (seed !== undefined) {
  const { configureGlobal } = jest.requireActual<typeof import('fast-check')>('fast-check');
  configureGlobal({ seed: Number(seed) });
}

export {};
