import { withProfile } from '../../canonical/profile.ts'
import type { PastedRequest } from '../../inputs/pasted.ts'
import { percentDecode } from '../../lib/percent.ts'
import { parseParts } from '../case/parts.ts'
import { readServerError } from './server-error.ts'

/** A request without its body. */
export interface AnsweredRequest extends PastedRequest {
  /** The last line of its canonical request. */
  readonly payload: string
}

/**
 * Whether a canonical request is shown without its session token, as a server of countersign shows it:
 * then it is not the text whose hash was signed, and proves nothing.
 */
export const isRedacted = (canonicalRequest: string): boolean =>
  /^[\w-]*token:…$|(^|&)[\w-]*token=…(&|$)/im.test(canonicalRequest)

/** The path on the wire of a canonical one, which most services have encoded twice. */
const pathOnWire = (path: string, scope: string): string =>
  withProfile({ service: scope.split('/')[2] ?? '' }).pathEncoding === 'single'
    ? path
    : percentDecode(path)

/** The request that an answer of S3 speaks of, as the server read it, with the signature it was given; its body is not there, and `payload` stands for it. */
export function requestOfAnswer(text: string): AnsweredRequest | undefined {
  const { canonicalRequest, stringToSign } = readServerError(text)
  const parts = canonicalRequest === undefined ? undefined : parseParts(canonicalRequest)
  const [, id] = /<AWSAccessKeyId>([^<]+)/.exec(text) ?? []
  const [, signature] = /<SignatureProvided>([\da-f]+)/.exec(text) ?? []
  const [algorithm, date, scope] = stringToSign?.split('\n') ?? []
  if (!parts || !id || !signature || !algorithm || !date || !scope) return undefined
  const { method, path, query, headers, signedHeaders, payloadHash } = parts
  const host = headers.find(([name]) => name === 'host')?.[1] ?? ''
  const url = `https://${host}${pathOnWire(path, scope)}${query && `?${query}`}`
  if (/(^|&)X-Amz-Credential=/.test(query))
    return { method, url: `${url}&X-Amz-Signature=${signature}`, headers, payload: payloadHash }
  const authorization = `${algorithm} Credential=${id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  const hash = headers.some(([name]) => name === 'x-amz-content-sha256')
  return {
    method,
    url,
    payload: payloadHash,
    headers: [
      ...headers,
      ['authorization', authorization],
      ...(hash ? [] : [['x-amz-content-sha256', payloadHash] as const]),
    ],
  }
}
