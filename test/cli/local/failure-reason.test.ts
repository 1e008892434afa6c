import { findFailureReason, saysDiskFull } from '../../../cli/local/failure-reason.ts';

test.each([
  ['nothing', '', undefined],
  ['a plain sentence', 'The table folder x cannot be opened\n', 'The table folder x cannot be opened'],
  [
    'the last error record of a node',
    '{"level":30,"msg":"starting"}\n{"level":60,"err":{"message":"starter: format 4"},"msg":"failed"}\n{"level":30,"msg":"bye"}\n',
    'starter: format 4',
  ],
  ['a record without an error object', '{"level":50,"msg":"no table"}\n', 'no table'],
  [
    'a thrown error with its stack',
    "/x/node.cjs:12\n    throw new Error('broken');\n    ^\n\nError: broken: really\n    at a (/x/node.cjs:12:3)\n\nNode.js v20.20.2\n",
    'Error: broken: really',
  ],
  ['a warning before the sentence', '(node:12) Warning: old\n(Use `node --trace-warnings` …)\nno\n', 'no'],
  ['a broken record', '{"level":60,\n', '{"level":60,'],
])('finds %s', (_title, tail, reason) => {
  expect(findFailureReason(tail)).toBe(reason);
});

test.each([
  ['Error: ENOSPC: no space left on device, write', true],
  ['IO error: /x/000003.log: No space left on device', true],
  ['Error: EACCES: permission denied', false],
])('%s: disk full is %s', (tail, expected) => {
  expect(saysDiskFull(tail)).toBe(expected);
});
