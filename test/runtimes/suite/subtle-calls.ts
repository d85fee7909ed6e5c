const KINDS = ['digest', 'importKey', 'sign'] as const

/** How often each of some tasks calls `crypto.subtle`, one after another; never where there is none. */
export async function subtleCalls(tasks: readonly (() => unknown)[]): Promise<number[]> {
  const subtle = (globalThis as { crypto?: Partial<Crypto> }).crypto?.subtle
  let count = 0
  for (const kind of subtle ? KINDS : []) {
    const call = (subtle as SubtleCrypto)[kind] as (...args: unknown[]) => unknown
    // Over the method that it has from its prototype.
    const value = (...args: unknown[]) => {
      count++
      return call.apply(subtle, args)
    }
    Object.defineProperty(subtle, kind, { value, configurable: true })
  }
  const counts: number[] = []
  for (const task of tasks) {
    count = 0
    await task()
    counts.push(count)
  }
  for (const kind of subtle ? KINDS : []) Reflect.deleteProperty(subtle as SubtleCrypto, kind)
  return counts
}
