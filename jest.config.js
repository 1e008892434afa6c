/** Packages that are ES modules only; tests run as CommonJS. */
const moduleOnly = 'hyparquet|hyparquet-writer|hyparquet-compressors|hysnappy|fzstd';

/** The fast suites: pure logic, real HTTP, an in-process DynamoDB-compatible server. Slow ones: jest.slow.config.js. */
export const base = {
  testEnvironment: 'node',
  // Bounded, but no judge of speed: machines that build and test are busy ones.
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
    [`/node_modules/(${moduleOnly})/.+\\.js$`]: [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${moduleOnly})/)`],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.spectrum/'],
  watchman: false,
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/support/seeded-fast-check.cjs' },
};

export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/slow/'],
};
