/** Begins work unless the signal has fired, and waits for it no longer than until it does. */
export function within<T>(
  signal: AbortSignal | null | undefined,
  begin: () => T | PromiseLike<T>,
): Promise<T> {
  let end: () => void
  return new Promise<T>((resolve, reject) => {
    end = () => reject(signal?.reason)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
    // Resolved with the promise itself, it could no longer be rejected.
    else Promise.resolve(begin()).then(resolve, reject)
  }).finally(() => signal?.removeEventListener('abort', end))
}

/** A pause, which the signal ends. */
export function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  let timer: ReturnType<typeof setTimeout>
  const begin = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds)
    })
  return within(signal, begin).finally(() => clearTimeout(timer))
}
