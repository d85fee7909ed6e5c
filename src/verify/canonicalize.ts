import { joined } from '../lib/lists.ts'
import { formatCanonicalRequest } from '../road/canonical-request.ts'
import { canonicalPath } from '../road/path.ts'
import type { Profile } from '../road/profile.ts'
import type { CanonicalOptions } from '../types.ts'
import type { Claim, VerifyOptions } from '../verify-types.ts'
import { parameterName, type Received } from './received.ts'

/** `X-Amz-Security-Token` for `x-amz-security-token`: how AWS spells its fields in a query. */
export const parameterOf = (header: string): string =>
  header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())

/** The header of a session token. */
export const tokenNameOf = ({ sessionTokenName = 'x-amz-security-token' }: Profile): string =>
  sessionTokenName

/** The canonical request of a received request, as its sender must have made it for a host. */
export function canonicalize(
  received: Received,
  { placement, signedHeaders }: Claim,
  host: string,
  payloadHash: string,
  plus: VerifyOptions['plus'],
  profile: Profile & Pick<CanonicalOptions, 'dotSegments'>,
): string {
  const { method, path, query, fields } = received
  const left = ['X-Amz-Signature']
  if (profile.sessionToken === 'appended') left.push(parameterOf(tokenNameOf(profile)))
  // S3 reads a bare + in a path as a blank.
  const wirePath =
    profile.pathEncoding === 'single'
      ? path.replace(/\+/g, plus === 'literal' ? '%2B' : '%20')
      : path
  return formatCanonicalRequest(
    method,
    canonicalPath(wirePath, profile),
    placement === 'header'
      ? query
      : query
          .split('&')
          .filter((part) => !left.includes(parameterName(part)))
          .join('&'),
    fields.host === host ? fields : { ...fields, host },
    signedHeaders,
    joined(signedHeaders, ';'),
    host,
    payloadHash,
  )
}
