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
  let segments = wirePath.slice(1).split('/')
  if (options.pathNormalization !== 'none') segments = resolveSegments(segments)
  // A parser pops the empty segment that AWS has removed, so behind a // it resolves .. to another.
  const other = options.pathNormalization !== 'none' && /\/\/(.*\/)?\.\.(\/|$)/.test(wirePath)
  if (
    options.dotSegments !== 'literal' &&
    (other || segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
  )
    fail('dot-segments', "a path that resolves to itself or dotSegments: 'literal'")
  const encode = options.pathEncoding === 'single' ? percentNormalize : percentEncodeBytes
  return `/${segments.map(encode).join('/')}`
}
