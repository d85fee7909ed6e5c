import type { Profile } from '../canonical/profile.ts'

const DOTS = /\/((\.|%2e){1,2}(\/|$)|\/)/i
/** S3 removes no empty segment, and reads an encoded slash as one. */
const DOTS_OF_S3 = /(\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i

/**
 * Whether routers, which resolve what others keep, may take a path for another than was signed: for
 * its dot segments, or for empty ones where the service removes them.
 */
export const isAmbiguous = (path: string, { pathNormalization }: Profile): boolean =>
  (pathNormalization === 'none' ? DOTS_OF_S3 : DOTS).test(path)
