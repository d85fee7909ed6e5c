import { urlOfFile } from './node-modules.ts'

/** Milliseconds between two tries: each that fails stays in Node's memory. */
const PAUSE = 1000

const importFile = (url: string): Promise<object> =>
  import(/* webpackIgnore: true */ /* @vite-ignore */ url)

/**
 * Loads code when it is first asked for, once. What fails, as a process may have no descriptor left to
 * open a file with, is tried again by a later call, but not within a second; until then a call is told
 * the error of before.
 *
 * Node keeps the failure of a module for ever: the file that could not be opened, which exports the
 * name or hands it on, is then read under a name of its own.
 */
export function loading<T extends object>(
  read: () => Promise<T>,
  name: keyof T & string,
): () => Promise<T> {
  let loaded: Promise<T> | undefined
  let failedAt = Number.NaN
  let tries = 0
  let unopened: string | undefined
  const failed = (error: unknown): never => {
    failedAt = performance.now()
    unopened = (error as { readonly path?: string }).path ?? unopened
    throw error
  }
  const readAgain = async (error: unknown): Promise<T> => {
    if (!unopened) throw error
    tries++
    const found = await importFile(`${urlOfFile(unopened)}?again=${tries}`)
    // A bundler may have made another file of it.
    if (name in found) return found as T
    throw error
  }
  return () => {
    if (performance.now() - failedAt >= PAUSE) loaded = undefined
    if (!loaded) {
      failedAt = Number.NaN
      // CommonJS keeps no failure.
      loaded = read().catch(readAgain).catch(failed)
    }
    return loaded
  }
}
