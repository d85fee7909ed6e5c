import type { Profile } from '../canonical/profile.ts'

/**
 * Whether routers, which resolve what others keep, may take a path for another than was signed: for
 * its dot segments, or for empty ones where the service removes them. What is encoded once, as S3's
 * paths are, has an encoded slash read as one; and where nothing is resolved, it is none the less.
 */
export const isAmbiguous = (path: string, { pathEncoding, pathNormalization }: Profile): boolean =>
  (pathNormalization === 'none' ? /\/(\.|%2e){1,2}(\/|$)/i : /\/((\.|%2e){1,2}(\/|$)|\/)/i).test(
    pathEncoding === 'single' || pathNormalization === 'none' ? path.replace(/%2f/gi, '/') : path,
  )
