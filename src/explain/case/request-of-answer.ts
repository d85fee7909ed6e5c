import { parseCanonicalRequest } from '../../canonical/canonical-request.ts'
import { withProfile } from '../../canonical/profile.ts'
import type { PastedRequest, SignedTexts } from '../../inputs/pasted.ts'
import { percentDecode } from '../../lib/percent.ts'
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

/** The texts of a signature, with the key's id. */
export interface SignatureTexts extends SignedTexts {
  readonly accessKeyId: string | undefined
}

/** The request that texts of a signature speak of; its body is not there, and `payload` stands for it. */
export function requestOfTexts(texts: SignatureTexts): AnsweredRequest | undefined {
  const { canonicalRequest, stringToSign, signature, accessKeyId: id } = texts
  const parts = canonicalRequest === undefined ? undefined : parseCanonicalRequest(canonicalRequest)
  const [algorithm, date, scope] = stringToSign?.split('\n') ?? []
  if (!parts || !id || !signature || !algorithm || !date || !scope) return undefined
  const { method, path, query, headers: sent, signedHeaders, payloadHash } = parts
  const isOfS3 = withProfile({ service: scope.split('/')[2] ?? '' }).pathEncoding === 'single'
  const inQuery = /(^|&)X-Amz-Credential=/.test(query)
  // In place of the body that is not there; S3 takes a URL's for one that is not signed.
  const hashed = (inQuery && isOfS3) || sent.some(([name]) => name === 'x-amz-content-sha256')
  const headers: AnsweredRequest['headers'] = hashed
    ? [...sent]
    : [...sent, ['x-amz-content-sha256', payloadHash]]
  const host = sent.find(([name]) => name === 'host')?.[1] ?? ''
  // Most services have encoded the path a second time.
  const wirePath = isOfS3 ? path : percentDecode(path)
  const url = `https://${host}${wirePath}${query && `?${query}`}`
  const own = { method, payload: payloadHash }
  if (inQuery) return { ...own, url: `${url}&X-Amz-Signature=${signature}`, headers }
  const authorization = `${algorithm} Credential=${id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return { ...own, url, headers: [...headers, ['authorization', authorization]] }
}

/** The request that an answer of S3 speaks of, as the server read it, with the signature it was given. */
export function requestOfAnswer(text: string): AnsweredRequest | undefined {
  const { canonicalRequest, stringToSign } = readServerError(text)
  const [, accessKeyId] = /<AWSAccessKeyId>([^<]+)/.exec(text) ?? []
  const [, signature] = /<SignatureProvided>([\da-f]+)/.exec(text) ?? []
  return requestOfTexts({
    ...(canonicalRequest !== undefined && { canonicalRequest }),
    ...(stringToSign !== undefined && { stringToSign }),
    ...(signature !== undefined && { signature }),
    accessKeyId,
  })
}
