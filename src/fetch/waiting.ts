/** Begins work unless the signal has fired, and waits for it no longer than until it does. */
export const within = <T>(
  signal: AbortSignal | null | undefined,
  begin: () => T | PromiseLike<T>,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const end = () => reject(signal?.reason)
    if (signal?.aborted) return end()
    signal?.addEventListener('abort', end)
    Promise.resolve(begin())
      .finally(() => signal?.removeEventListener('abort', end))
      .then(resolve, reject)
  })

/** A pause, which the signal ends. */
export function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  let timer: ReturnType<typeof setTimeout>
  return within(
    signal,
    () =>
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds)
      }),
  ).finally(() => clearTimeout(timer))
}
