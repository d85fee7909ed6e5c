import { LONG, MOST } from '../limits.ts'

/** The subsets of `count` things, by their places: none, all, those of one, all but one, and so on. */
export function* subsets(count: number, most: number): Iterable<readonly number[]> {
  let left = most
  for (const size of sizes(count))
    for (const subset of ofSize(size, 0, count)) {
      if (left-- <= 0) return
      yield subset
    }
}

function* sizes(count: number): Iterable<number> {
  for (let size = 0; size <= count / 2; size++) {
    yield size
    if (count - size !== size) yield count - size
  }
}

function* ofSize(size: number, from: number, count: number): Iterable<readonly number[]> {
  if (size === 0) return yield []
  for (let first = from; first <= count - size; first++)
    for (const rest of ofSize(size - 1, first + 1, count)) yield [first, ...rest]
}

/** A text in which some places of a form are written another way: all of them, each by itself, and so on. */
export function* rewritings(
  text: string,
  form: RegExp,
  other: string,
  most: number,
): Iterable<string> {
  const count = text.match(form)?.length ?? 0
  if (count > MOST || text.length > LONG) return yield text.replace(form, other)
  for (const subset of subsets(count, most)) {
    let at = 0
    if (subset.length > 0)
      yield text.replace(form, (found) => (subset.includes(at++) ? other : found))
  }
}
