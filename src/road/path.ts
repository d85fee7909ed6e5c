import { fail } from '../errors.ts'
import { percentEncode, percentNormalize } from '../lib/percent.ts'
import type { CanonicalOptions } from '../types.ts'

/** RFC 3986 section 5.2.4, and the repeated slashes that AWS removes too. */
function removeDotSegments(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${kept[0] && /\/\.{0,2}$/.test(path) ? '/' : ''}`
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
  const path = options.pathNormalization === 'none' ? wirePath : removeDotSegments(wirePath)
  if (options.dotSegments !== 'literal' && /\/(\.|%2e){1,2}(?![^/])/i.test(path))
    fail('dot-segments', "a path without . and .. or dotSegments: 'literal'")
  const encode = options.pathEncoding === 'single' ? percentNormalize : percentEncode
  return path.split('/').map(encode).join('/') || '/'
}
