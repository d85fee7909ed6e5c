import { percentEncodeBytes, percentNormalize } from '../lib/percent.ts'
import { fail } from '../model/errors.ts'
import type { CanonicalOptions } from '../model/types.ts'

/** RFC 3986 section 5.2.4, and the repeated slashes that AWS removes too. */
function resolveSegments(segments: readonly string[]): string[] {
  const kept: string[] = []
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment && segment !== '.') kept.push(segment)
  }
  // A path that ends in a dot segment names a folder, with its slash.
  return /^\.{0,2}$/.test(segments[segments.length - 1] as string) ? [...kept, ''] : kept
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
  options: Pick<CanonicalOptions, 'pathEncoding' | 'pathNormalization' | 'dotSegments'>,
): string {
  // The common path is its own canonical form under every rule.
  if (/^(\/[\w~-][\w.~-]*)+\/?$/.test(wirePath)) return wirePath
  const { pathEncoding, pathNormalization, dotSegments } = options
  let segments = wirePath.slice(1).split('/')
  // A parser pops the empty segment that AWS removes, so behind a // it resolves .. to another.
  let empty = -1
  if (pathNormalization !== 'none') {
    segments = resolveSegments(segments)
    empty = wirePath.indexOf('//')
  }
  if (
    dotSegments !== 'literal' &&
    (segments.some(isDotSegment) || (empty >= 0 && /\/\.\.(\/|$)/.test(wirePath.slice(empty + 1))))
  )
    fail('dot-segments', "a path that resolves to itself or dotSegments: 'literal'")
  return `/${segments.map(pathEncoding === 'single' ? percentNormalize : percentEncodeBytes).join('/')}`
}
