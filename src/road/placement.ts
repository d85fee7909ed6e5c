import { fail } from '../errors.ts'
import { percentEncode } from '../lib/percent.ts'
import type { PresignOptions } from '../types.ts'
import { formatAuthorization } from './authorization.ts'
import type { Draft } from './draft.ts'
import { signedHeaderNames } from './headers.ts'
import { isPayloadWord, UNSIGNED_PAYLOAD } from './payload.ts'
import { queryPart, withoutAuthentication } from './query.ts'

type Field = readonly [name: string, value: string]

/** What a signature announces of itself before it is made. */
export interface Announcement {
  readonly algorithm: string
  readonly credential: string
  /** Fields that are signed, by header name: date, session token, region set. */
  readonly signed: readonly Field[]
  /** Fields that are added after the signature is made: IoT's session token. */
  readonly appended: readonly Field[]
}

/** Where a signature stands: in the Authorization header, or in the query. */
export interface Placement {
  /** The payload line that S3 presumes here; without one the body is hashed and the hash sent. */
  readonly s3Payload?: string
  /** Adds to the draft what is signed of the signature itself; returns the signed headers. */
  announce(
    draft: Draft,
    it: Announcement,
    options: Partial<PresignOptions>,
    payloadHash: string,
  ): string[]
  /** Adds the signature. */
  attach(draft: Draft, it: Announcement, signedHeaders: readonly string[], signature: string): void
}

/** What is to be announced of a signature before it is made; what is not known is left out. */
export function announcementOf(
  { profile }: Draft,
  facts: {
    algorithm: string
    credential: string
    amzDate?: string | undefined
    sessionToken?: string | undefined
  },
  options: Partial<PresignOptions>,
): Announcement {
  const { algorithm, credential, amzDate, sessionToken } = facts
  const date: Field[] = amzDate === undefined ? [] : [['x-amz-date', amzDate]]
  const token: Field[] =
    sessionToken === undefined
      ? []
      : [[options.sessionTokenName ?? profile.sessionTokenName, sessionToken]]
  return (options.sessionToken ?? profile.sessionToken) === 'appended'
    ? { algorithm, credential, signed: date, appended: token }
    : { algorithm, credential, signed: [...date, ...token], appended: [] }
}

/** Sends the payload line along wherever the server would presume another. */
function sendContentSha256(draft: Draft, payloadHash: string, s3Payload: string | undefined): void {
  const needed =
    draft.profile.contentSha256 === 'always'
      ? payloadHash !== s3Payload
      : isPayloadWord(payloadHash)
  if (needed) draft.headers.set('x-amz-content-sha256', payloadHash)
}

/** The signature in the Authorization header. */
export const inHeader: Placement = {
  announce(draft, it, options, payloadHash) {
    const { headers } = draft
    headers.delete('authorization')
    sendContentSha256(draft, payloadHash, this.s3Payload)
    for (const [name, value] of it.signed) headers.set(name, value)
    for (const [name] of it.appended) headers.delete(name)
    return signedHeaderNames(headers, options.signableHeaders, options.unsignableHeaders)
  },
  attach({ headers }, it, signedHeaders, signature) {
    for (const [name, value] of it.appended) headers.set(name, value)
    headers.set('authorization', formatAuthorization({ ...it, signedHeaders, signature }))
  },
}

/** `X-Amz-Date` for `x-amz-date`: how AWS spells its fields in a query. */
const inTitleCase = (name: string): string =>
  name.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase())

/** The signature in the query, as in a presigned URL. */
export const inQuery: Placement = {
  s3Payload: UNSIGNED_PAYLOAD,
  announce(draft, it, options, payloadHash) {
    const { headers } = draft
    const { expiresIn = 900 } = options
    if (!(Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= 604800))
      fail('invalid-expiry', 'expiresIn must be whole seconds from 1 to 604800 (seven days).')
    const query = withoutAuthentication(draft.query)
    const parts = query === '' ? [] : [query]
    headers.delete('authorization')
    sendContentSha256(draft, payloadHash, this.s3Payload)
    for (const [name] of [...it.signed, ...it.appended]) headers.delete(name)
    for (const name of options.hoistableHeaders ?? []) {
      const key = name.toLowerCase()
      const value = headers.get(key)
      if (value === undefined || key === 'host') continue
      headers.delete(key)
      parts.push(queryPart(key, value))
    }
    const signedHeaders = signedHeaderNames(
      headers,
      options.signableHeaders,
      options.unsignableHeaders,
    )
    const [date, ...others] = it.signed.map(([name, value]) => queryPart(inTitleCase(name), value))
    draft.query = [
      ...parts,
      queryPart('X-Amz-Algorithm', it.algorithm),
      queryPart('X-Amz-Credential', it.credential),
      date,
      queryPart('X-Amz-SignedHeaders', signedHeaders.join(';')),
      queryPart('X-Amz-Expires', String(expiresIn)),
      ...others,
    ].join('&')
    // The sender needs to send what is signed, and no more.
    for (const name of headers.keys()) if (!signedHeaders.includes(name)) headers.delete(name)
    return signedHeaders
  },
  attach(draft, it, _signedHeaders, signature) {
    for (const [name, value] of it.appended)
      draft.query += `&${queryPart(inTitleCase(name), value)}`
    draft.query += `&X-Amz-Signature=${percentEncode(signature)}`
  },
}
