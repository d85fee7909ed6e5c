import type { Profile } from '../canonical/profile.ts'

// Behind an encoded slash too, as S3 reads it as one, and routers of other services may.
const DOT_SEGMENT = /(\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i

/**
 * Whether routers, which resolve what others keep, may take a path for another than was signed: for
 * its dot segments, or for empty ones where the service removes them.
 */
export const isAmbiguous = (path: string, { pathNormalization }: Profile): boolean =>
  DOT_SEGMENT.test(path) || (pathNormalization !== 'none' && path.includes('//'))
