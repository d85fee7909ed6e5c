import { fail } from '../errors.ts'

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * A flow that is written once and run either way: it yields what may be a promise, and goes on with
 * the value, which has the type of the place that it goes to.
 */
export type Steps<T> = Generator<unknown, T, never>

/** Whether a value is there to be waited for; its type first, as most are texts and a look for `then` costs more. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && !!(value as Partial<PromiseLike<unknown>> | null)?.then

/** The value itself, waited for where it is a promise; with its type, which a bare `yield` loses. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : (value as T)
}

/** Goes on with a value: at once, or when its promise settles. */
export const after = <T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> =>
  (isPromise(value) ? value.then(next as never) : next(value as T)) as Awaitable<U>

/** The first answer that a list gives, asked one after another; undefined where none does. */
export const firstOf = <T, U>(
  list: readonly T[],
  answerOf: (item: T) => Awaitable<U | undefined>,
  at = 0,
): Awaitable<U | undefined> =>
  at < list.length
    ? after(answerOf(list[at] as T), (answer) => answer ?? firstOf(list, answerOf, at + 1))
    : undefined

/** Runs the steps at once as far as no promise is among them. */
export function settle<T>(steps: Steps<T>, given?: unknown): Awaitable<T> {
  for (let last = given; ; ) {
    const { done, value } = steps.next(last as never)
    if (done) return value
    if (isPromise(value)) return value.then((answer) => settle(steps, answer))
    last = value
  }
}

/** Runs the steps and waits for each promise; costs one promise where there is none to wait for. */
export const runAsync = async <T>(steps: Steps<T>): Promise<T> => settle(steps)

/** The value at once; a promise of it is an error. */
export function atOnce<T>(value: Awaitable<T>): T {
  if (isPromise(value)) {
    // A rejection that nobody waits for must not end the process.
    value.then(undefined, () => {})
    fail('not-synchronous', "values in place of promises, or use 'countersign'")
  }
  return value as T
}

/** Runs the steps at once; a promise among them is an error. */
export function runSync<T>(steps: Steps<T>): T {
  for (let value: unknown; ; value = atOnce(value)) {
    const step = steps.next(value as never)
    if (step.done) return step.value
    value = step.value
  }
}
