import { fail } from '../errors.ts'
import type { AnyRequest, CanonicalOptions, OpaqueRequest, SignedRequest, Trace } from '../types.ts'
import { type HeaderMap, readHeaders } from './headers.ts'
import { checkDotSegments, type PathRules } from './path.ts'
import { type Profile, profileOf } from './profile.ts'
import { nameOf, splitQuery, withoutAuthentication } from './query.ts'
import { readUrl } from './url.ts'

/** A request on its way to being signed: read once, in wire spelling, the caller's own left untouched. */
export interface Draft {
  readonly method: string
  readonly scheme: string
  readonly host: string
  /** Whether the caller gave a host header, which the sender must then send. */
  readonly hostHeader: 'given' | 'derived'
  readonly path: string
  query: string
  readonly headers: HeaderMap
  readonly profile: Profile
  readonly rules: PathRules
}

/** The query without an earlier signature; refuses an `X-Amz-` parameter that comes twice. */
function withoutSignature(query: string): string {
  if (!/x-amz-/i.test(query)) return query
  const names = splitQuery(query).map((part) => nameOf(part).toLowerCase())
  if (names.some((name, at) => name.startsWith('x-amz-') && names.indexOf(name) !== at))
    fail('invalid-url', 'An X-Amz- parameter comes twice in the query: keep one.')
  return names.includes('x-amz-signature') ? withoutAuthentication(query) : query
}

/** The rules of the service, as far as the caller does not override them. */
export const pathRules = (
  profile: Profile,
  options: Partial<PathRules> | { [name in keyof PathRules]?: PathRules[name] | undefined },
): PathRules => ({
  pathEncoding: options.pathEncoding ?? profile.pathEncoding,
  pathNormalization: options.pathNormalization ?? profile.pathNormalization,
})

/** Reads a request for signing. */
export function draftRequest(request: AnyRequest, options: CanonicalOptions): Draft {
  const { method = 'GET', url, headers: input } = request as OpaqueRequest
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method))
    fail('invalid-method', 'method must be an HTTP token such as GET.')
  const profile = profileOf(options.service)
  const rules = pathRules(profile, options)
  const wire = readUrl(url)
  const path = profile.family === 's3' ? wire.path.replace(/\+/g, '%2B') : wire.path
  checkDotSegments(path, rules, options.dotSegments)
  const headers = readHeaders(input)
  const hostHeader = headers.has('host') ? 'given' : 'derived'
  if (hostHeader === 'derived') headers.set('host', wire.host)
  return {
    method: method.toUpperCase(),
    scheme: wire.scheme,
    host: wire.host,
    hostHeader,
    path,
    query: withoutSignature(wire.query.replace(/\+/g, '%20')),
    headers,
    profile,
    rules,
  }
}

const isStream = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body)

/** The draft as the caller sends it. */
export function signedRequest(draft: Draft, body: unknown, trace: Trace): SignedRequest<unknown> {
  const { method, scheme, host, path, query, headers, hostHeader } = draft
  if (hostHeader === 'derived') headers.delete('host')
  return {
    method,
    url: `${scheme}//${host}${path}${query && `?${query}`}`,
    headers: Object.fromEntries(headers),
    ...(body !== undefined && { body }),
    ...(isStream(body) && { duplex: 'half' }),
    signature: trace.signature,
    trace,
  }
}
