import { percentEncodePath, percentNormalize } from '../lib/percent.ts'
import { fail } from '../model/errors.ts'
import type { CanonicalOptions } from '../model/types.ts'

/** The segments of a path without its dot segments, by RFC 3986 section 5.2.4, and the repeated slashes that AWS removes too. */
export function resolveSegments(path: string): string[] {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment && segment !== '.') kept.push(segment)
  }
  // A path that ends in a dot segment names a folder, with its slash.
  if (/\/\.{0,2}$/.test(path)) kept.push('')
  return kept
}

/** Whether a URL parser would resolve a segment: `.` and `..`, however they are encoded. */
export const isDotSegment = (segment: string): boolean => /^(\.|%2e){1,2}$/i.test(segment)

/**
 * The canonical path of a path in wire spelling.
 *
 * Refuses a dot segment that a URL parser would resolve after signing, and so send a valid
 * signature for another resource.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalPath(
  wirePath: string,
  {
    pathEncoding,
    pathNormalization,
    dotSegments,
  }: Pick<CanonicalOptions, 'pathEncoding' | 'pathNormalization' | 'dotSegments'>,
): string {
  let path = wirePath || '/'
  // Every empty segment and every dot segment begins so.
  if (/\/(\/|\.|%2e)/i.test(path)) {
    let segments = path.slice(1).split('/')
    let isElsewhere: boolean | undefined
    if (pathNormalization !== 'none') {
      // A parser pops the empty segment that AWS removes, so behind one it resolves .. to another;
      // where there is none (-1), the search begins behind the end.
      isElsewhere = segments.includes('..', segments.indexOf('') >>> 0)
      segments = resolveSegments(path)
    }
    if (dotSegments !== 'literal' && (isElsewhere || segments.some(isDotSegment)))
      fail('dot-segments', "resolved path or dotSegments: 'literal'")
    path = `/${segments.join('/')}`
  }
  if (!/[^\w./~-]/.test(path)) return path
  return pathEncoding === 'single'
    ? path.split('/').map(percentNormalize).join('/')
    : percentEncodePath(path)
}
