import { fail } from '../errors.ts'

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * A flow that is written once and run either way: it yields what may be a promise, and goes on with
 * the value.
 */
export type Steps<T> = Generator<unknown, T, unknown>

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  !!(value as Partial<PromiseLike<unknown>> | undefined)?.then

/** The value itself, waited for where it is a promise; with its type, which a bare `yield` loses. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : (value as T)
}

/** Runs the steps and waits for each promise; costs one promise where there is none to wait for. */
export async function runAsync<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next()
  while (!step.done) {
    const { value } = step
    step = steps.next(isPromise(value) ? await value : value)
  }
  return step.value
}

/** Runs the steps at once; a promise among them is an error. */
export function runSync<T>(steps: Steps<T>): T {
  for (let value: unknown; ; ) {
    const step = steps.next(value)
    if (step.done) return step.value
    value = step.value
    if (isPromise(value)) {
      // A rejection that nobody waits for must not end the process.
      value.then(undefined, () => {})
      fail('not-synchronous', "values in place of promises, or use 'countersign'")
    }
  }
}
