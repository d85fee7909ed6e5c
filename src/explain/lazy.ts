import type * as loaded from './loaded.ts'

/**
 * Explains with promises; `#explain` for Node, which reads the half of the package that it takes
 * when it is first asked for: most processes sign and never ask.
 */
export const explainAsync: typeof loaded.explainAsync = async (request, options, platform) => {
  const { explainAsync } = await import('./loaded.ts')
  return explainAsync(request, options, platform)
}
