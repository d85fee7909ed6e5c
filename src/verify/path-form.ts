import { isDotSegment } from '../canonical/path.ts'
import type { Profile } from '../canonical/profile.ts'

/**
 * Whether routers, which resolve what others keep, may take a path for another than was signed: for
 * its dot segments, or for empty ones where the service removes them. S3 reads `%2F` as a slash.
 */
export const isAmbiguous = (
  path: string,
  { pathEncoding, pathNormalization }: Pick<Profile, 'pathEncoding' | 'pathNormalization'>,
): boolean =>
  (pathNormalization !== 'none' && path.includes('//')) ||
  // Few paths have a dot or an escape behind a slash.
  (/(\/|2[fF])[.%]/.test(path) &&
    path.split(pathEncoding === 'single' ? /\/|%2f/i : '/').some(isDotSegment))
