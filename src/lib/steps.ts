import { type Awaitable, atOnce, isPromise } from './awaitable.ts'

/**
 * A flow with loops that is written once and run either way: it yields what may be a promise, and
 * goes on with the value.
 */
export type Steps<T> = Generator<unknown, T, never>

/** The value itself, waited for where it is a promise; with its type, which a bare `yield` loses. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : (value as T)
}

/** Runs the steps and waits for each promise. */
export async function runAsync<T>(steps: Steps<T>): Promise<T> {
  for (let value: unknown; ; value = await value) {
    const step = steps.next(value as never)
    if (step.done) return step.value
    value = step.value
  }
}

/** Runs the steps at once; a promise among them is an error. */
export function runSync<T>(steps: Steps<T>): T {
  for (let value: unknown; ; value = atOnce(value)) {
    const step = steps.next(value as never)
    if (step.done) return step.value
    value = step.value
  }
}
