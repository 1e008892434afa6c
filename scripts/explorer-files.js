// The files of the API explorer that stand beside the bundled server, and the licence they come with.
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** File name beside the program to the file of the package. */
export const explorerFiles = {
  'swagger-ui-bundle.js': resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'swagger-ui.css': resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui.LICENSE': resolve('swagger-ui-dist/LICENSE'),
  'swagger-ui.NOTICE': resolve('swagger-ui-dist/NOTICE'),
};
