import { fail } from '../errors.ts'

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * A flow that is written once and run either way: it yields each promise it must wait for, and
 * nothing where the value is at hand.
 */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>

/** The value itself, waited for where it is a promise. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return (value as PromiseLike<T> | undefined)?.then
    ? ((yield value as PromiseLike<T>) as T)
    : (value as T)
}

/** Runs the steps and waits for each promise; costs one promise where there is none to wait for. */
export async function runAsync<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next()
  while (!step.done) step = steps.next(await step.value)
  return step.value
}

/** Runs the steps at once; a promise among them is an error. */
export function runSync<T>(steps: Steps<T>): T {
  const step = steps.next()
  if (step.done) return step.value
  // A rejection that nobody waits for must not end the process.
  step.value.then(undefined, () => {})
  return fail('not-synchronous', "values in place of promises, or use 'countersign'")
}
