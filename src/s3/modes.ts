import { parseCanonicalRequest } from '../canonical/canonical-request.ts'
import type { HeaderFields } from '../canonical/headers.ts'
import type { Trace } from '../model/types.ts'

/** The values of `x-amz-content-sha256` that mean aws-chunked. */
export type ChunkedPayload =
  | 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  | `STREAMING-AWS4-${'HMAC-SHA256' | 'ECDSA-P256-SHA256'}-PAYLOAD${'' | '-TRAILER'}`

/** What a payload word says of the body. */
export interface Mode {
  /** Who signs the chunks; undefined where nobody does. */
  readonly algorithm: string | undefined
  readonly trailer: boolean
}

const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER` and its like. */
export const formatMode = ({ algorithm, trailer }: Mode): string =>
  algorithm ? `STREAMING-${algorithm}-PAYLOAD${trailer ? '-TRAILER' : ''}` : UNSIGNED

/** What a payload word says, or undefined where it is none of aws-chunked (an event stream is not). */
export function parseMode(word: string): Mode | undefined {
  if (word === UNSIGNED) return { algorithm: undefined, trailer: true }
  const [, algorithm, trailer] =
    /^STREAMING-(AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256))-PAYLOAD(-TRAILER)?$/.exec(word) ?? []
  return algorithm ? { algorithm, trailer: trailer !== undefined } : undefined
}

/** A payload word and header fields as they were signed: what is not signed is not believed. */
export interface SignedFacts {
  readonly payload: string
  /** The signed fields, names in lower case. */
  readonly fields: HeaderFields
  /** Whether a checksum in the header is that of an object that is put together, and not of this body. */
  readonly completesUpload: boolean
}

/** Reads the facts back from the canonical request. */
export function signedFacts({ canonicalRequest }: Pick<Trace, 'canonicalRequest'>): SignedFacts {
  const parts = parseCanonicalRequest(canonicalRequest)
  return {
    payload: parts?.payloadHash ?? '',
    fields: Object.fromEntries(parts?.headers ?? []),
    completesUpload: parts?.method === 'POST' && /(^|&)uploadId=/.test(parts.query),
  }
}

/** The header field that says how many bytes the chunks have. */
export const DECODED_LENGTH = 'x-amz-decoded-content-length'

/** How many bytes the chunks have, as a request says; undefined where it says no number. */
export function decodedLength({ [DECODED_LENGTH]: told = '' }: HeaderFields): number | undefined {
  return /^\d{1,15}$/.test(told) ? Number(told) : undefined
}
