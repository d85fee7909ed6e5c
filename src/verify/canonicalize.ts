import { formatCanonicalRequest } from '../canonical/canonical-request.ts'
import { canonicalPath } from '../canonical/path.ts'
import type { Profile } from '../canonical/profile.ts'
import { canonicalQuery } from '../canonical/query.ts'
import { parameterOf, tokenNameOf } from '../canonical/token-name.ts'
import { percentNormalize } from '../lib/percent.ts'
import type { Trace } from '../model/types.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import type { Reading } from './read.ts'
import { withoutParameters } from './received.ts'

/** The query that was signed: without the signature, and a token that is only appended. */
function signedQuery(query: string, profile: Profile): string {
  const left = ['X-Amz-Signature']
  if (profile.sessionToken === 'appended') left.push(parameterOf(tokenNameOf(profile)))
  return withoutParameters(query, left)
}

/** A path as its service reads it: S3 takes a bare + for a blank. */
export const pathAsRead = (
  path: string,
  { pathEncoding }: Profile,
  plus: VerifyOptions['plus'],
): string =>
  pathEncoding === 'single' ? path.replace(/\+/g, plus === 'literal' ? '%2B' : '%20') : path

/** The canonical request of a received request, as its sender must have made it for a host. */
export function canonicalize(
  { received, statement, profile }: Reading,
  host: string,
  payloadHash: string,
  plus: VerifyOptions['plus'],
): string {
  const { method, path, query, fields } = received
  const { placement, signedHeaders: names } = statement.claim
  return formatCanonicalRequest(
    method,
    canonicalPath(pathAsRead(path, profile, plus), profile),
    canonicalQuery(placement === 'header' ? query : signedQuery(query, profile)),
    fields.host === host ? fields : { ...fields, host },
    names,
    statement.signedHeaders,
    host,
    payloadHash,
  )
}

/**
 * The path that was signed, encoded once and in the one spelling, whatever the service. S3 reads an
 * encoded slash as one.
 */
export function signedPath(
  { canonicalRequest }: Trace,
  { received: { method }, profile }: Reading,
): string {
  const path = canonicalRequest.slice(method.length + 1).split('\n', 1)[0] as string
  if (!path.includes('%')) return path
  return profile.pathEncoding === 'single'
    ? path.replaceAll('%2F', '/')
    : path.replaceAll('%25', '%').split('/').map(percentNormalize).join('/')
}
