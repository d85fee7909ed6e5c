import { fail } from '../model/errors.ts'

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>

/** Whether a value is to be waited for. Its type is asked first: most values are texts, and a look for `then` costs more. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && ((value as PromiseLike<unknown> | null)?.then as unknown as boolean)

/** Goes on with a value: at once, or when its promise settles. */
export const after = <T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> =>
  (isPromise(value) ? value.then(next as never) : next(value as T)) as Awaitable<U>

/** The first answer that a list gives, asked one after another; undefined where none does. */
export function firstOf<T, U>(
  list: readonly T[],
  answerOf: (item: T) => Awaitable<U | undefined>,
  at = 0,
): Awaitable<U | undefined> {
  for (; at < list.length; at++) {
    const answer = answerOf(list[at] as T)
    if (isPromise(answer)) return answer.then((answer) => answer ?? firstOf(list, answerOf, at + 1))
    if (answer !== undefined) return answer
  }
  return undefined
}

/** The value at once; a promise of it is an error. */
export function atOnce<T>(value: Awaitable<T>): T {
  if (isPromise(value)) {
    // A rejection that nobody waits for must not end the process.
    value.then(undefined, () => {})
    fail('not-synchronous', "values in place of promises, or use 'countersign'")
  }
  return value as T
}
