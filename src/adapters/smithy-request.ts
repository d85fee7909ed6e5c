import { readHeaders } from '../canonical/headers.ts'
import { targetOf } from '../canonical/url.ts'
import { percentEncode } from '../lib/percent.ts'
import { ensure, fail } from '../model/errors.ts'
import { originOf } from './request-options.ts'
import type { HttpRequestLike, PresigningArgumentsLike } from './smithy-types.ts'

interface Signed {
  readonly url: string
  readonly headers: Record<string, string>
}

/** The query as the SDK's handlers write it behind the path. */
const queryOf = ({ query = {} }: HttpRequestLike): string => {
  const parts = Object.entries(query).flatMap(([name, values]) =>
    values === null
      ? percentEncode(name)
      : [values].flat().map((value) => `${percentEncode(name)}=${percentEncode(value)}`),
  )
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

/** The URL of a request, in the spelling in which the SDK's handlers send it. */
export function urlOf(request: HttpRequestLike): string {
  // A fragment and a bare ? would go to the wire as something else than the path that they were in.
  ensure(
    !request.fragment && !request.path.includes('?'),
    'invalid-url',
    'a path with ? as %3F, and no fragment',
  )
  try {
    return originOf(request) + request.path + queryOf(request)
  } catch {
    return fail('invalid-url', 'a query without unpaired surrogates')
  }
}

/** The header fields to sign: what HTTP/2 calls `:authority` is the host. */
export const headerFieldsOf = (request: HttpRequestLike): [string, string][] =>
  Object.entries(request.headers).map(([name, value]) => [
    name === ':authority' ? 'host' : name,
    value,
  ])

/** The header fields to send, with the host as the request had it. */
const named = (request: HttpRequestLike, { host, ...others }: Record<string, string>) =>
  host === undefined
    ? others
    : { ...others, [':authority' in request.headers ? ':authority' : 'host']: host }

/** A copy of a request, of the same class, with other members in their place. */
const copyOf = <Request extends HttpRequestLike>(
  request: Request,
  changed: Partial<HttpRequestLike>,
): Request => Object.assign(Object.create(Object.getPrototypeOf(request)), request, changed)

/** Headers that an earlier signature left, and the next has no use for. */
const GENERATED = /^(authorization|date|x-amz-date)$/i

/** The request without what an earlier signature left, as the SDK's signer takes it. */
export const prepared = <Request extends HttpRequestLike>(request: Request): Request =>
  copyOf(request, {
    headers: Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !GENERATED.test(name)),
    ),
  })

/** The request with one more header. */
export const withHeader = <Request extends HttpRequestLike>(
  request: Request,
  name: string,
  value: string,
): Request => copyOf(request, { headers: { ...request.headers, [name]: value } })

/**
 * The request with headers moved to its query, as `RequestPresigner` has it: all of AWS's, by the
 * names that they have, unless told otherwise.
 */
export function hoist<Request extends HttpRequestLike>(
  request: Request,
  { unhoistableHeaders, hoistableHeaders }: PresigningArgumentsLike,
): Request {
  const headers: Record<string, string> = {}
  const query = { ...request.query }
  for (const [name, value] of Object.entries(request.headers)) {
    const lower = name.toLowerCase()
    const isMoved =
      (lower.startsWith('x-amz-') && !unhoistableHeaders?.has(lower)) ||
      hoistableHeaders?.has(lower)
    ;(isMoved ? query : headers)[name] = value
  }
  return copyOf(request, { headers, query })
}

/** The request with a signature in its headers. */
export const withHeaders = <Request extends HttpRequestLike>(
  request: Request,
  { url, headers }: Signed,
): Request => {
  const path = targetOf(url).replace(/\?.*/s, '')
  return copyOf(request, { path, headers: named(request, headers) })
}

/** The request, whose headers were moved, with a signature in its query; unsigned headers stay. */
export function withQuery<Request extends HttpRequestLike>(
  request: Request,
  { url, headers }: Signed,
): Request {
  const [path = '', search = ''] = targetOf(url).split(/\?(.*)/s)
  const query = new Map<string, string | string[] | null>()
  for (const part of search.split('&')) {
    const [name = '', value] = part.split(/=(.*)/s).map(decodeURIComponent)
    const held = query.get(name)
    query.set(name, held === undefined ? (value ?? null) : [held ?? '', value ?? ''].flat())
  }
  return copyOf(request, {
    path,
    query: Object.fromEntries(query),
    headers: named(request, { ...readHeaders(headerFieldsOf(request)), ...headers }),
  })
}
