import { fail } from '../errors.ts'
import { percentEncode, percentNormalize } from '../lib/percent.ts'
import type { DotSegments, PathEncoding, PathNormalization } from '../types.ts'

/** Which rules make a canonical path. */
export interface PathRules {
  readonly pathEncoding: PathEncoding
  readonly pathNormalization: PathNormalization
}

/** RFC 3986 section 5.2.4, with the repeated slashes that AWS removes too. */
function removeDotSegments(path: string): string {
  if (!/\/[./]/.test(path)) return path
  const segments = path.split('/')
  const kept: string[] = []
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const open = kept.length > 0 && /^\.{0,2}$/.test(segments[segments.length - 1] as string)
  return `/${kept.join('/')}${open ? '/' : ''}`
}

/**
 * The canonical path of a path in wire spelling.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalPath(wirePath: string, rules: PathRules): string {
  const path = rules.pathNormalization === 'none' ? wirePath : removeDotSegments(wirePath)
  const encoded =
    rules.pathEncoding === 'double'
      ? percentEncode(path).replace(/%2F/g, '/')
      : path.split('/').map(percentNormalize).join('/')
  return encoded || '/'
}

/**
 * Refuses a path that a URL parser would rewrite after signing, and so send a valid signature for
 * another resource: any dot segment where the path is not normalised, a `%2e` one everywhere.
 */
export function checkDotSegments(
  path: string,
  rules: PathRules,
  dotSegments: DotSegments | undefined,
): void {
  const found = /\/(?:\.|%2e){1,2}(?![^/])/i.exec(path)
  if (!found || dotSegments === 'literal') return
  if (rules.pathNormalization === 'none' || /\/(?=[^/]*%)(?:\.|%2e){1,2}(?![^/])/i.test(path))
    fail(
      'dot-segments',
      "fetch would resolve the path's dot segment and reach another resource: rename it, or pass dotSegments: 'literal' for a client that sends it.",
    )
}
