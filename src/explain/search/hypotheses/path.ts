import { canonicalPath } from '../../../canonical/path.ts'
import { percentEncode, percentNormalize } from '../../../lib/percent.ts'
import type { Evidence, Hypothesis } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import { LONG, MOST } from '../limits.ts'
import { once, tried } from './texts.ts'

/** Stages and mounts that gateways add or strip. */
const PREFIXES =
  /* @__PURE__ */ 'prod dev stage staging test beta default $default live api v1 v2 s3'.split(' ')

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

type Rule = (
  encoding: 'single' | 'double',
  normalization: 'none' | 'rfc3986',
  path: string,
) => string

const rule: Rule = (pathEncoding, pathNormalization, path) =>
  canonicalPath(path, { pathEncoding, pathNormalization, dotSegments: 'literal' })

type Add = (cause: MismatchCause, path: () => string, detail?: string) => void

/** What a signer may have made of the path; of a very long one, only how it is encoded. */
export function pathHypotheses(evidence: Evidence): Hypothesis[] {
  const { wirePath, rules } = evidence
  const found: Hypothesis[] = []
  const add: Add = (cause, make, detail) => {
    const path = once(make)
    found.push({
      cause,
      ...(detail && { detail }),
      change: (parts) => ({ ...parts, path: path() }),
    })
  }
  const single = rules.pathEncoding === 'single'
  const kept = rules.pathNormalization === 'none'
  const [encoding, otherEncoding] = single
    ? (['single', 'double'] as const)
    : (['double', 'single'] as const)
  const [norm, otherNorm] = kept ? (['none', 'rfc3986'] as const) : (['rfc3986', 'none'] as const)
  const encoded = single ? 'path-double-encoded' : 'path-single-encoded'
  const normalised = kept ? 'path-normalized' : 'path-not-normalized'
  add(normalised, () => rule(encoding, otherNorm, wirePath))
  add(encoded, () => rule(otherEncoding, norm, wirePath))
  add(encoded, () => rule(otherEncoding, otherNorm, wirePath))
  const decoded = tried(decodeURIComponent, wirePath)
  add('path-not-encoded', () => wirePath || '/')
  add('path-not-encoded', () => decoded || '/')
  if (wirePath.length > LONG) return found
  addDecoded(wirePath, decoded, add)
  const slashed = wirePath.endsWith('/') ? wirePath.slice(0, -1) : `${wirePath}/`
  add('path-changed', () => rule(encoding, norm, slashed), 'a / at the end')
  for (const path of otherPaths(evidence)) {
    add('path-prefix', () => rule(encoding, norm, path), path)
    add('path-prefix', () => rule(otherEncoding, otherNorm, path), path)
  }
  return found
}

/** Signed as it was, then decoded: what is left is encoded anew, or a slash was a %2F. */
function addDecoded(wirePath: string, decoded: string, add: Add): void {
  const encodedAgain = wirePath.split('/').map(percentEncode).join('/')
  add('path-decoded', () => encodedAgain)
  add('path-decoded', () => rule('double', 'rfc3986', encodedAgain))
  add('path-decoded', () =>
    decoded
      .split('/')
      .map((part) => tried(percentEncode, part))
      .join('/'),
  )
  const again = wirePath.split('/').map((part) => percentNormalize(part).replace(/%/g, '%25'))
  add('path-decoded', () => again.join('/'))
  let at = wirePath.length
  for (let count = 0; count < MOST; count++) {
    at = wirePath.lastIndexOf('/', at - 1)
    if (at <= 0) return
    const merged = `${wirePath.slice(0, at)}%2F${wirePath.slice(at + 1)}`
    add('path-decoded', () => rule('single', 'none', merged))
    add('path-decoded', () => rule('double', 'rfc3986', merged))
  }
}
