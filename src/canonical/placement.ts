import { percentEncode, percentEncodeBytes } from '../lib/percent.ts'
import type {
  PresignedRequest,
  PresignOptions,
  SignedRequest,
  SigningCredentials,
} from '../model/types.ts'
import { expiryOf } from './expiry.ts'
import { type HeaderFields, nameList, signedHeaderNames } from './headers.ts'
import { formatParameters } from './parameters.ts'
import type { Memory } from './profile.ts'
import { canonicalQuery } from './query.ts'
import { parameterOf, tokenNameOf } from './token-name.ts'

/** A signed request in the making, which a placement completes. */
type Sent = SignedRequest<unknown> & Partial<Pick<PresignedRequest, 'expiresAt'>>

/** What is signed of a request, and `attach`, which adds the signature to what is sent and gives that back. */
export type Placed = readonly [
  names: string[],
  signedHeaders: string,
  canonicalQuery: string,
  attach: (sent: Sent) => Sent,
]

/**
 * Where a signature stands. Writes what is signed of itself to the headers or to the query, and
 * after signing the signature, with a session token that is only appended.
 */
export type Placement = (
  query: string,
  headers: HeaderFields,
  at: readonly [signingDate: Date, amzDate: string, credentialScope: string],
  credentials: SigningCredentials,
  options: Partial<PresignOptions> & Memory,
  algorithm: string,
) => Placed

/** Puts a signature in the Authorization header. */
export const inHeader: Placement = (
  query,
  headers,
  [, amzDate, credentialScope],
  credentials,
  options,
  algorithm,
) => {
  const addToken = () => {
    if (credentials.sessionToken)
      headers[tokenNameOf(options, credentials.sessionTokenName)] = credentials.sessionToken
  }
  const late = options.sessionToken === 'appended'
  headers['x-amz-date'] = amzDate
  if (!late) addToken()
  const names = signedHeaderNames(headers, options)
  const signedHeaders = names.join(';')
  return [
    names,
    signedHeaders,
    canonicalQuery(query),
    (sent) => {
      if (late) addToken()
      headers.authorization = `${algorithm} Credential=${credentials.accessKeyId}/${credentialScope}, SignedHeaders=${signedHeaders}, Signature=${sent.signature}`
      sent.url += query && `?${query}`
      return sent
    },
  ]
}

const REGION_SET = 'x-amz-region-set'

/** Puts a signature in the query, as a presigned URL has it. */
export const inQuery: Placement = (
  query,
  headers,
  [signingDate, amzDate, credentialScope],
  credentials,
  options,
  algorithm,
) => {
  const { expiresIn = 900, parameters = formatParameters, hoistableHeaders } = options
  const expiresAt = expiryOf(signingDate, expiresIn, credentials.expiration)
  // SigV4a tells its regions in a header, which stands in the query as AWS spells it.
  for (const name of [...(hoistableHeaders ? nameList(hoistableHeaders) : []), REGION_SET]) {
    if (!headers[name]) continue
    query += `${query && '&'}${name.replace(REGION_SET, parameterOf)}=${percentEncode(headers[name])}`
    delete headers[name]
  }
  const names = signedHeaderNames(headers, options)
  const signedHeaders = names.join(';')
  const kept = new Set(names)
  // The sender needs to send what is signed, and no more.
  for (const name in headers) if (!kept.has(name)) delete headers[name]
  const own = parameters(
    algorithm,
    `${credentials.accessKeyId}/${credentialScope}`,
    amzDate,
    expiresIn,
    tokenNameOf(options, credentials.sessionTokenName),
    credentials.sessionToken,
  )
  const last = `X-Amz-SignedHeaders=${percentEncodeBytes(signedHeaders)}`
  return [
    names,
    signedHeaders,
    // A token, which comes last, is sent and not signed where it is appended.
    canonicalQuery(query, own.slice(0, options.sessionToken === 'appended' ? 4 : 5).concat(last)),
    (sent) => {
      sent.url += `?${query}${query && '&'}${own.join('&')}&${last}&X-Amz-Signature=${sent.signature}`
      sent.expiresAt = expiresAt
      return sent
    },
  ]
}
