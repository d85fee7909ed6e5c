import { formatCanonicalRequest } from '../canonical/canonical-request.ts'
import { canonicalHeaders } from '../canonical/headers.ts'
import { canonicalPath } from '../canonical/path.ts'
import type { Profile } from '../canonical/profile.ts'
import { canonicalQuery } from '../canonical/query.ts'
import { parameterOf, tokenNameOf } from '../canonical/token-name.ts'
import { readPath } from '../canonical/url.ts'
import { percentNormalize } from '../lib/percent.ts'
import type { Trace } from '../model/types.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import type { ReceivedProfile } from './profile.ts'
import type { Reading } from './read.ts'
import { withoutParameters } from './received.ts'

/** The query that was signed: without the signature, and a token that is only appended. */
const signedQuery = (query: string, profile: Profile): string =>
  withoutParameters(query, [
    'X-Amz-Signature',
    profile.sessionToken === 'appended' && parameterOf(tokenNameOf(profile)),
  ])

/** A path as its service reads it, with what a bare + of S3's is here. */
export const pathAsRead = (
  path: string,
  profile: ReceivedProfile,
  plus: VerifyOptions['plus'],
): string => readPath(path, profile, plus === 'literal' ? '%2B' : '%20')

/** The canonical request of a received request, as its sender must have made it for the host that arrived. */
export function canonicalize(
  { received, statement, profile }: Reading,
  payloadHash: string,
  plus: VerifyOptions['plus'],
): string {
  const { method, path, query, fields } = received
  const { placement, signedHeaders: names } = statement.claim
  return formatCanonicalRequest(
    method,
    canonicalPath(pathAsRead(path, profile, plus), profile),
    canonicalQuery(placement === 'header' ? query : signedQuery(query, profile)),
    canonicalHeaders(fields, names, fields.host ?? ''),
    statement.signedHeaders,
    payloadHash,
  )
}

/** A canonical request as for another host: all else of it stays, as it may be long and the hosts many. */
export const withHost = (canonicalRequest: string, host: string): string =>
  canonicalRequest.replace(/(\n(host|:authority):)[^\n]*/g, (_, name) => name + host)

/** The path that was signed, encoded once and in the one spelling, whatever the service. */
export function signedPath({ canonicalRequest }: Trace, { profile }: Reading): string {
  // Taking all lines apart would take longer.
  const start = canonicalRequest.indexOf('\n') + 1
  const path = canonicalRequest.slice(start, canonicalRequest.indexOf('\n', start))
  return profile.pathEncoding === 'single' || !path.includes('%')
    ? path
    : path.replaceAll('%25', '%').split('/').map(percentNormalize).join('/')
}
