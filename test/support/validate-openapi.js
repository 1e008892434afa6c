// Validates the OpenAPI document on standard input and prints {version, errors}; a process of its own because the
// validator is an ES module and the tests are not.
import { text } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';

const validator = new Validator();
const { errors } = await validator.validate(JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify({ version: validator.version, errors: errors ?? [] }));
