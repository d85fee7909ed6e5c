import type { Profile } from '../canonical/profile.ts'

const DOTS = /\/(\.|%2e){1,2}(\/|$)/i
const DOTS_OR_EMPTY = /\/((\.|%2e){1,2}(\/|$)|\/)/i

/**
 * Whether routers, which resolve what others keep, may take a path for another than was signed: for
 * its dot segments, or for empty ones where the service removes them. What is encoded once, as S3's
 * paths are, has an encoded slash read as one; and where nothing is resolved, it is none the less.
 */
export function isAmbiguous(path: string, { pathEncoding, pathNormalization }: Profile): boolean {
  const isKept = pathNormalization === 'none'
  const read = isKept || pathEncoding === 'single' ? path.replace(/%2f/gi, '/') : path
  return (isKept ? DOTS : DOTS_OR_EMPTY).test(read)
}
