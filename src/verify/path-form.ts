import type { Profile } from '../canonical/profile.ts'

// Between slashes of either kind, encoded or not; and a NUL, where some end their reading.
const DOTS_OR_NUL = /(\/|%2f|%5c)(\.|%2e){1,2}(\/|%2f|%5c|$)|%00/i

/**
 * Whether others may take a path for another than was signed: for the dot segments that it has, or has
 * once it is decoded, for a NUL, or for empty segments where the service removes them. What is
 * encoded once, as S3's paths are, has an encoded slash read as one.
 */
export const isAmbiguous = (path: string, { pathEncoding, pathNormalization }: Profile): boolean =>
  DOTS_OR_NUL.test(path) ||
  (pathNormalization !== 'none' &&
    (pathEncoding === 'single' ? path.replace(/%2f/gi, '/') : path).includes('//'))
