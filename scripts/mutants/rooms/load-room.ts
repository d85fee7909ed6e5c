import { it } from 'vitest'

/**
 * Loads the test files of a room into one: what they import is evaluated once for each mutant, and
 * not by each file. A file that a mutant keeps from being loaded is a test that notices it.
 */
export async function loadRoom(
  files: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  for (const [path, load] of Object.entries(files)) {
    const loaded = await load().then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    it(`${path} is loaded`, () => {
      if (loaded) throw loaded.error
    })
  }
}
