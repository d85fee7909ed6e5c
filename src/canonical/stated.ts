import { ensure } from '../model/errors.ts'
import type { Algorithm, AnyRequest, SignOptions } from '../model/types.ts'
import { type HeaderFields, readHeaders } from './headers.ts'
import { canonicalPath } from './path.ts'
import type { Memory, Profile } from './profile.ts'
import { stampOf } from './scope.ts'
import { readUrl } from './url.ts'

/** What a request to sign says by itself, in the spelling of the wire. */
export interface Stated {
  readonly method: string
  /** Without the query. */
  readonly url: string
  /** As in the Host header. */
  readonly host: string
  /** Canonical. */
  readonly path: string
  readonly query: string
  /** A copy, to which a placement writes. */
  readonly headers: HeaderFields
  readonly signingDate: Date
  readonly amzDate: string
  readonly credentialScope: string
}

const OWN_PARAMETERS = /(^|&)X-Amz-(Algorithm|Credential|Date|Expires|Sign|\w+-Token)/i

/**
 * Reads what a request says by itself, all of it at once: what the caller changes later changes
 * nothing, and a wrong URL asks no provider.
 */
export function readStated(
  request: AnyRequest,
  options: SignOptions & Profile & Memory,
  algorithm: Algorithm,
): Stated {
  const { signingDate = new Date() } = options
  const [scheme, authority, wirePath, query] = readUrl(request.url, options)
  const path = canonicalPath(wirePath, options)
  // A second signature, or half of one, in the query would make the server read another.
  ensure(!OWN_PARAMETERS.test(query), 'invalid-url', 'a url without X-Amz-Signature')
  const headers = readHeaders(request.headers)
  const stamp = algorithm.stamp ?? options.stamp ?? stampOf
  const [amzDate, credentialScope] = stamp(signingDate, options, headers)
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    url: scheme + authority + wirePath,
    host: headers.host ?? authority,
    path,
    query,
    headers,
    signingDate,
    amzDate,
    credentialScope,
  }
}
