/**
 * Begins up to `width` tasks ahead and yields what they give in the order of the items. A fault of the items is thrown
 * after what was begun before it, that of a task in its turn.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  begin: (item: Item) => Promise<Result>,
): AsyncGenerator<readonly [item: Item, result: Result]> {
  const running: { readonly item: Item; readonly result: Promise<Result> }[] = [];
  const iterator = items[Symbol.asyncIterator]();
  let isAtEnd = false;
  let fault: { readonly error: unknown } | undefined;
  for (;;) {
    while (!isAtEnd && running.length < width) {
      try {
        const next = await iterator.next();
        isAtEnd = next.done === true;
        if (!next.done) running.push({ item: next.value, result: heardLater(begin(next.value)) });
      } catch (error) {
        isAtEnd = true;
        fault = { error };
      }
    }
    const first = running.shift();
    if (first === undefined) break;
    yield [first.item, await first.result];
  }
  if (fault) throw fault.error;
}

/** A failure is heard when its turn comes; until then it must not end the program. */
function heardLater<Result>(result: Promise<Result>): Promise<Result> {
  result.catch(() => undefined);
  return result;
}
