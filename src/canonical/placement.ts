import { joined } from '../lib/lists.ts'
import { percentEncode } from '../lib/percent.ts'
import { ensure } from '../model/errors.ts'
import type { PresignOptions, SigningCredentials } from '../model/types.ts'
import { type HeaderFields, lowerCase, signedHeaderNames } from './headers.ts'
import { parameterOf, tokenNameOf } from './token-name.ts'

/** What a placement leaves: the query to sign, and how to add the signature, which gives the query to send. */
export type Placed = readonly [
  names: string[],
  signedHeaders: string,
  query: string,
  attach: (signature: string) => string,
]

/**
 * Where a signature stands. Writes what is signed of itself to the headers or to the query, and
 * after signing the signature, with a session token that is only appended.
 */
export type Placement = (
  query: string,
  headers: HeaderFields,
  options: Partial<PresignOptions>,
  algorithm: string,
  credentials: SigningCredentials,
  credentialScope: string,
  amzDate: string,
) => Placed

/** In the Authorization header. */
export const inHeader: Placement = (
  query,
  headers,
  options,
  algorithm,
  { accessKeyId, sessionToken },
  credentialScope,
  amzDate,
) => {
  const addToken = () => {
    if (sessionToken) headers[tokenNameOf(options)] = sessionToken
  }
  const late = options.sessionToken === 'appended'
  headers['x-amz-date'] = amzDate
  if (!late) addToken()
  const names = signedHeaderNames(headers, options)
  const signedHeaders = joined(names, ';')
  return [
    names,
    signedHeaders,
    query,
    (signature) => {
      if (late) addToken()
      headers.authorization = `${algorithm} Credential=${accessKeyId}/${credentialScope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
      return query
    },
  ]
}

/** In the query, as of a presigned URL. */
export const inQuery: Placement = (
  wireQuery,
  headers,
  options,
  algorithm,
  { accessKeyId, sessionToken },
  credentialScope,
  amzDate,
) => {
  const { expiresIn = 900 } = options
  ensure(
    Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= 604800,
    'invalid-expiry',
    'expiresIn in whole seconds, 1 to 604800',
  )
  let query = wireQuery
  const add = (name: string, value: unknown) => {
    query += `&${name}=${percentEncode(`${value}`)}`
  }
  const addToken = () => {
    if (sessionToken) add(parameterOf(tokenNameOf(options)), sessionToken)
  }

  for (const name of lowerCase(options.hoistableHeaders)) {
    if (!headers[name]) continue
    add(name, headers[name])
    delete headers[name]
  }
  // SigV4a tells its regions in a header, which stands in the query as AWS spells it.
  const { 'x-amz-region-set': regionSet } = headers
  if (regionSet) add('X-Amz-Region-Set', regionSet)
  delete headers['x-amz-region-set']
  const names = signedHeaderNames(headers, options)
  const signedHeaders = joined(names, ';')
  // The sender needs to send what is signed, and no more.
  for (const name in headers) if (!names.includes(name)) delete headers[name]
  add('X-Amz-Algorithm', algorithm)
  add('X-Amz-Credential', `${accessKeyId}/${credentialScope}`)
  add('X-Amz-Date', amzDate)
  const late = options.sessionToken === 'appended'
  if (!late) addToken()
  add('X-Amz-SignedHeaders', signedHeaders)
  add('X-Amz-Expires', expiresIn)
  query = query.replace(/^&/, '')
  return [
    names,
    signedHeaders,
    query,
    (signature) => {
      if (late) addToken()
      add('X-Amz-Signature', signature)
      return query
    },
  ]
}
