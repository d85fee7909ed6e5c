/** Requests at a time. */
const MOST = 8

/** Does something for each, several at a time, and gives what comes of it in the order of what was given. */
export async function* inTurn<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  let next = 0
  try {
    while (next < items.length || running.length > 0) {
      while (running.length < MOST && next < items.length) running.push(act(items[next++] as Item))
      yield await (running.shift() as Promise<Result>)
    }
  } finally {
    await Promise.allSettled(running)
  }
}
