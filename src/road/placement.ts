import { fail } from '../errors.ts'
import { percentEncode } from '../lib/percent.ts'
import type { PresignOptions } from '../types.ts'
import { type HeaderMap, lowerCase, signedHeaderNames } from './headers.ts'

/** The part of a request that a signature writes to. */
export interface Draft {
  readonly headers: HeaderMap
  query: string
}

/** What a signature says of itself, by header name. */
export type Fields = readonly (readonly [name: string, value: string])[]

/**
 * Where a signature stands. Writes to the draft the fields that are signed, and returns the signed
 * headers and how to add the signature, after the fields that are appended to it.
 */
export type Placement = (
  draft: Draft,
  options: Partial<PresignOptions>,
  algorithm: string,
  credential: string,
  signed: Fields,
) => readonly [signedHeaders: string[], attach: (signature: string, appended: Fields) => void]

/** In the Authorization header. */
export const inHeader: Placement = ({ headers }, options, algorithm, credential, signed) => {
  for (const field of signed) headers.set(...field)
  const signedHeaders = signedHeaderNames(headers, options)
  return [
    signedHeaders,
    (signature, appended) => {
      for (const field of appended) headers.set(...field)
      headers.set(
        'authorization',
        `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
      )
    },
  ]
}

const OWN_PARAMETERS =
  /(^|&)X-Amz-(Algorithm|Credential|Date|Expires|Signature|SignedHeaders|\w+-Token)=[^&]*/gi

/** In the query, as of a presigned URL; an earlier signature there is replaced. */
export const inQuery: Placement = (draft, options, algorithm, credential, signed) => {
  const { headers } = draft
  const { expiresIn = 900 } = options
  if (!(Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= 604800))
    fail('invalid-expiry', 'expiresIn in whole seconds, 1 to 604800')
  const add = (name: string, value: unknown) => {
    draft.query += `&${name}=${percentEncode(`${value}`)}`
  }
  // AWS spells its fields in title case in a query: X-Amz-Date.
  const addFields = (fields: Fields) => {
    for (const [name, value] of fields)
      add(
        name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
        value,
      )
  }

  draft.query = draft.query.replace(OWN_PARAMETERS, '')
  for (const name of lowerCase(options.hoistableHeaders)) {
    const value = headers.get(name)
    if (value && headers.delete(name)) add(name, value)
  }
  const signedHeaders = signedHeaderNames(headers, options)
  // The sender needs to send what is signed, and no more.
  for (const name of headers.keys()) if (!signedHeaders.includes(name)) headers.delete(name)
  add('X-Amz-Algorithm', algorithm)
  add('X-Amz-Credential', credential)
  addFields(signed)
  add('X-Amz-SignedHeaders', signedHeaders.join(';'))
  add('X-Amz-Expires', expiresIn)
  draft.query = draft.query.replace(/^&/, '')
  return [
    signedHeaders,
    (signature, appended) => {
      addFields(appended)
      add('X-Amz-Signature', signature)
    },
  ]
}
