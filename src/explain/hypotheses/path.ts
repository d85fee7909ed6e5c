import { percentEncode, percentNormalize } from '../../lib/percent.ts'
import { canonicalPath } from '../../road/path.ts'
import type { Hypothesis } from '../hypotheses.ts'
import type { Evidence } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Stages and mounts that gateways add or strip. */
const PREFIXES = [
  'prod',
  'dev',
  'stage',
  'staging',
  'test',
  'beta',
  'default',
  '$default',
  'live',
  'api',
  'v1',
  'v2',
  's3',
]

/** Paths that may have been on the wire before a gateway touched them. */
function otherPaths({ wirePath, headers, hosts, prefixes }: Evidence): string[] {
  const rest = wirePath.replace(/^\/[^/]*/, '')
  const bucket = hosts.map((host) => host.split('.')[0] as string)
  const given = prefixes.map((prefix) => prefix.replace(/^\/|\/$/g, ''))
  const original = ['x-original-uri', 'x-original-url', 'x-rewrite-url', 'x-forwarded-uri'].map(
    (name) => headers.get(name)?.replace(/\?.*/s, ''),
  )
  return [
    ...[
      ...given,
      headers.get('x-forwarded-prefix')?.replace(/^\/|\/$/g, ''),
      ...PREFIXES,
      ...bucket,
    ]
      .filter((prefix) => prefix)
      .map((prefix) => `/${prefix}${wirePath}`),
    ...original.filter((path) => path !== undefined),
    rest || '/',
    rest.replace(/^\/[^/]*/, '') || '/',
    wirePath.endsWith('/') ? wirePath.slice(0, -1) : `${wirePath}/`,
  ]
}

/** What a signer may have made of the path. */
export function pathHypotheses(evidence: Evidence): Hypothesis[] {
  const { wirePath, rules } = evidence
  const found: Hypothesis[] = []
  const add = (cause: MismatchCause, path: string, detail?: string) => {
    found.push({ cause, ...(detail && { detail }), change: (parts) => ({ ...parts, path }) })
  }
  const rule = (
    pathEncoding: 'single' | 'double',
    pathNormalization: 'none' | 'rfc3986',
    path = wirePath,
  ) => canonicalPath(path, { pathEncoding, pathNormalization, dotSegments: 'literal' })

  const once = rules.pathEncoding === 'single'
  const kept = rules.pathNormalization === 'none'
  const [encoding, otherEncoding] = once
    ? (['single', 'double'] as const)
    : (['double', 'single'] as const)
  const [norm, otherNorm] = kept ? (['none', 'rfc3986'] as const) : (['rfc3986', 'none'] as const)
  const encoded = once ? 'path-double-encoded' : 'path-single-encoded'
  const normalised = kept ? 'path-normalized' : 'path-not-normalized'
  add(normalised, rule(encoding, otherNorm))
  add(encoded, rule(otherEncoding, norm))
  add(encoded, rule(otherEncoding, otherNorm))
  add('path-not-encoded', wirePath || '/')
  add('path-not-encoded', decode(wirePath) || '/')
  // Signed as it was, then decoded: what is left is encoded anew, or a slash was a %2F.
  add('path-decoded', wirePath.split('/').map(percentEncode).join('/'))
  add('path-decoded', rule('double', 'rfc3986', wirePath.split('/').map(percentEncode).join('/')))
  add('path-decoded', rule('single', 'none', decode(wirePath)))
  const again = wirePath.split('/').map((segment) => percentNormalize(segment).replace(/%/g, '%25'))
  add('path-decoded', again.join('/'))
  for (let at = wirePath.lastIndexOf('/'); at > 0; at = wirePath.lastIndexOf('/', at - 1)) {
    const merged = `${wirePath.slice(0, at)}%2F${wirePath.slice(at + 1)}`
    add('path-decoded', rule('single', 'none', merged))
    add('path-decoded', rule('double', 'rfc3986', merged))
  }
  for (const path of otherPaths(evidence)) {
    add('path-prefix', rule('single', 'none', path), path)
    add('path-prefix', rule('double', 'rfc3986', path), path)
  }
  return found
}
