import type { ManagementCall, ManagementDesk } from './desk.ts';

const linesType = 'application/x-ndjson';

/** Whether the caller asks for one JSON value a line instead of one document. */
function wantsLines({ request }: ManagementCall): boolean {
  return String(request.headers.accept ?? '').includes(linesType);
}

/** Streams `{"items":[…],"next":…}`, or a line for each item where the caller accepts lines. */
export function streamItems(
  desk: ManagementDesk,
  call: ManagementCall,
  items: Iterable<object> | AsyncIterable<object>,
  next: () => string | undefined = () => undefined,
): void {
  if (wantsLines(call)) desk.stream(call.reply, `${linesType};charset=utf-8`, lines(items));
  else desk.stream(call.reply, 'application/json;charset=utf-8', document(items, next));
}

async function* lines(items: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}

async function* document(
  items: Iterable<object> | AsyncIterable<object>,
  next: () => string | undefined,
): AsyncGenerator<string> {
  let separator = '{"items":[\n';
  for await (const item of items) {
    yield `${separator}${JSON.stringify(item)}`;
    separator = ',\n';
  }
  const cursor = next();
  yield separator === ',\n' ? '\n]' : '{"items":[]';
  yield cursor === undefined ? '}\n' : `,"next":${JSON.stringify(cursor)}}\n`;
}
