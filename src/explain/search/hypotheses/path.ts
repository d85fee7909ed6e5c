import { canonicalPath } from '../../../canonical/path.ts'
import { percentEncode, percentNormalize } from '../../../lib/percent.ts'
import { once } from '../../../lib/remembered.ts'
import type { PathEncoding, PathNormalization } from '../../../model/option-words.ts'
import type { Evidence } from '../../case/evidence.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { LONG, MOST } from '../limits.ts'
import { tried } from './texts.ts'

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

/** A path that came from a header or an option, in the spelling of the wire. */
const onWire = (path: string): string =>
  path.replace(/[^!-~]+/g, (text) => tried(percentEncode, text)).replace(/[^!-~]/g, '')

/** Paths that may have been on the wire before a gateway touched them. */
function otherPaths({ wirePath, headers, hosts, prefixes }: Evidence): string[] {
  const rest = wirePath.replace(/^\/[^/]*/, '')
  const bucket = hosts.map((host) => host.split('.')[0] as string)
  const original = ['x-original-uri', 'x-original-url', 'x-rewrite-url', 'x-forwarded-uri'].map(
    (name) => headers.get(name)?.replace(/\?.*/s, ''),
  )
  const before = [...prefixes, headers.get('x-forwarded-prefix'), ...PREFIXES, ...bucket]
    .map((prefix) => prefix?.replace(/^\/|\/$/g, ''))
    .filter((prefix) => prefix)
  return [
    ...before.map((prefix) => `/${onWire(prefix as string)}${wirePath}`),
    ...original.filter((path) => path !== undefined).map(onWire),
    rest || '/',
    rest.replace(/^\/[^/]*/, '') || '/',
  ]
}

/** The canonical path by a rule for its encoding and one for its dot segments. */
const rule = (
  pathEncoding: PathEncoding,
  pathNormalization: PathNormalization,
  path: string,
): string => canonicalPath(path, { pathEncoding, pathNormalization, dotSegments: 'literal' })

type Add = (cause: MismatchCause, path: () => string, detail?: string) => void

/** The other rule. */
const OTHER = { single: 'double', double: 'single', none: 'rfc3986', rfc3986: 'none' } as const

/** What a signer may have made of the path; of a very long one, only how it is encoded. */
export function pathHypotheses(evidence: Evidence): Hypothesis[] {
  const { wirePath, rules } = evidence
  const { pathEncoding: encoding = 'double', pathNormalization: normalization = 'rfc3986' } = rules
  const hypotheses: Hypothesis[] = []
  const add: Add = (cause, make, detail) => {
    const path = once(make)
    hypotheses.push({ cause, detail, change: (parts) => ({ ...parts, path: path() }) })
  }
  addEncodings(wirePath, encoding, normalization, add)
  if (wirePath.length > LONG) return hypotheses
  addDecoded(wirePath, add)
  const slashed = wirePath.endsWith('/') ? wirePath.slice(0, -1) : `${wirePath}/`
  add('path-changed', () => rule(encoding, normalization, slashed), 'a / at the end')
  for (const path of otherPaths(evidence)) {
    add('path-prefix', () => rule(encoding, normalization, path), path)
    add('path-prefix', () => rule(OTHER[encoding], OTHER[normalization], path), path)
  }
  return hypotheses
}

/** Encoded or normalised by the other rule, by both, or not at all. */
function addEncodings(
  wirePath: string,
  encoding: PathEncoding,
  normalization: PathNormalization,
  add: Add,
): void {
  const normalised = normalization === 'none' ? 'path-normalized' : 'path-not-normalized'
  const encoded = encoding === 'single' ? 'path-double-encoded' : 'path-single-encoded'
  add(normalised, () => rule(encoding, OTHER[normalization], wirePath))
  add(encoded, () => rule(OTHER[encoding], normalization, wirePath))
  add(encoded, () => rule(OTHER[encoding], OTHER[normalization], wirePath))
  add('path-not-encoded', () => wirePath || '/')
  add('path-not-encoded', () => tried(decodeURIComponent, wirePath) || '/')
}

/** Signed as it was, then decoded: what is left is encoded anew, or a slash was a %2F. */
function addDecoded(wirePath: string, add: Add): void {
  const segments = wirePath.split('/')
  const encodedAgain = segments.map(percentEncode).join('/')
  add('path-decoded', () => encodedAgain)
  add('path-decoded', () => rule('double', 'rfc3986', encodedAgain))
  add('path-decoded', () =>
    tried(decodeURIComponent, wirePath)
      .split('/')
      .map((part) => tried(percentEncode, part))
      .join('/'),
  )
  const again = segments.map((part) => percentNormalize(part).replace(/%/g, '%25'))
  add('path-decoded', () => again.join('/'))
  for (const at of lastSlashes(wirePath)) {
    const merged = `${wirePath.slice(0, at)}%2F${wirePath.slice(at + 1)}`
    add('path-decoded', () => rule('single', 'none', merged))
    add('path-decoded', () => rule('double', 'rfc3986', merged))
  }
}

/** Where the last slashes of a path stand, but for its first character. */
function* lastSlashes(path: string): Iterable<number> {
  let at = path.length
  for (let count = 0; count < MOST; count++) {
    at = path.lastIndexOf('/', at - 1)
    if (at <= 0) return
    yield at
  }
}
