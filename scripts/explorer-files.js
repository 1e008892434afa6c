// The files that stand beside the bundled programs, and their licences: those of the API explorer, and the engine of SQLite.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const sqlite = dirname(resolve('node-sqlite3-wasm/package.json'));

/** File name beside the program to the file of the package. */
export const explorerFiles = {
  'swagger-ui-bundle.js': resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'swagger-ui.css': resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui.LICENSE': resolve('swagger-ui-dist/LICENSE'),
  'swagger-ui.NOTICE': resolve('swagger-ui-dist/NOTICE'),
  'node-sqlite3-wasm.wasm': join(sqlite, 'dist/node-sqlite3-wasm.wasm'),
  'node-sqlite3-wasm.LICENSE': join(sqlite, 'LICENSE'),
};
