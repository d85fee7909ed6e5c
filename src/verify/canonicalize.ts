import { formatCanonicalRequest } from '../canonical/canonical-request.ts'
import { canonicalPath } from '../canonical/path.ts'
import { type Profile, withProfile } from '../canonical/profile.ts'
import { parameterOf, tokenNameOf } from '../canonical/token-name.ts'
import type { CanonicalOptions } from '../model/types.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { type Received, withoutParameters } from './received.ts'
import type { Statement } from './statement.ts'

/** How a service reads a request that arrived. */
export const profileOf = (
  service: string,
  { pathEncoding, pathNormalization, sessionToken, sessionTokenName }: Partial<VerifyOptions>,
): Profile & Pick<CanonicalOptions, 'dotSegments'> =>
  withProfile({
    service,
    pathEncoding,
    pathNormalization,
    // What arrived is resolved no more.
    dotSegments: 'literal' as const,
    sessionToken,
    sessionTokenName,
  })

/** The query that was signed: without the signature, and a token that is only appended. */
function signedQuery(query: string, profile: Profile): string {
  const left = ['X-Amz-Signature']
  if (profile.sessionToken === 'appended') left.push(parameterOf(tokenNameOf(profile)))
  return withoutParameters(query, left)
}

/** The canonical request of a received request, as its sender must have made it for a host. */
export function canonicalize(
  received: Received,
  { claim: { placement, signedHeaders: names }, signedHeaders }: Statement,
  host: string,
  payloadHash: string,
  plus: VerifyOptions['plus'],
  profile: Profile & Pick<CanonicalOptions, 'dotSegments'>,
): string {
  const { method, path, query, fields } = received
  // S3 reads a bare + in a path as a blank.
  const wirePath =
    profile.pathEncoding === 'single'
      ? path.replace(/\+/g, plus === 'literal' ? '%2B' : '%20')
      : path
  return formatCanonicalRequest(
    method,
    canonicalPath(wirePath, profile),
    placement === 'header' ? query : signedQuery(query, profile),
    fields.host === host ? fields : { ...fields, host },
    names,
    signedHeaders,
    host,
    payloadHash,
  )
}
