import { base } from './jest.config.js';

/** Suites that start whole clusters or run for minutes; `.ci/run` runs them after the fast ones. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/slow/**/*.test.ts'],
  testTimeout: 180_000,
};
