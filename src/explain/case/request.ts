import { readUrl } from '../../canonical/url.ts'
import { readBytes } from '../../lib/bytes.ts'
import { fieldOf, fieldsOf } from '../../lib/fields.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { parseAmzDate } from '../../lib/time.ts'
import { fail } from '../../model/errors.ts'
import type { AnyRequest, FetchRequest } from '../../model/types.ts'
import type { ReceivedRequest } from '../../model/verify-types.ts'
import { urlOnWire } from '../../verify/authority.ts'
import type { ExplainedRequest } from './options.ts'

const hrefOf = ({ url }: ExplainedRequest): string => (typeof url === 'string' ? url : url.href)

/** Whether a request has a signature, in its header or in its URL, encoded or not. */
export const isSigned = (request: ExplainedRequest): boolean =>
  /X-Amz-Signature(=|%[25]*3D)/i.test(hrefOf(request)) ||
  isVersion2(request) ||
  fieldOf(fieldsOf(request.headers), 'authorization') !== undefined

/**
 * Whether a request is signed by Signature Version 2, as S3's old clients do it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
 */
export function isVersion2(request: ExplainedRequest): boolean {
  const href = hrefOf(request)
  return (
    (/[?&]AWSAccessKeyId=/.test(href) && /[?&]Signature=/.test(href)) ||
    /^AWS [^\s:]+:[^\s:]+$/.test(fieldOf(fieldsOf(request.headers), 'authorization') ?? '')
  )
}

/** Whether a request is one that a server received: with a raw target, or with its host. */
export const isFromTheWire = ({ url, headers }: ExplainedRequest): boolean =>
  (typeof url === 'string' && !/^\w+:/.test(url)) ||
  ['host', ':authority'].some((name) => fieldOf(fieldsOf(headers), name) !== undefined)

/** The time that a request states, wherever it does and however it is spelled. */
export function dateOfRequest({ url, headers }: ReceivedRequest): Date | undefined {
  const inQuery = /X-Amz-Date(?:=|%[25]*3D)(\d{8}T\d{6}Z)/i.exec(url)?.[1]
  const inHeader = fieldOf(fieldsOf(headers), 'x-amz-date')
  return parseAmzDate(inHeader ?? inQuery ?? '')
}

/** The bytes of a body, where they are at hand. */
function* bytesOf(request: AnyRequest): Steps<string | Uint8Array | undefined> {
  const bytes = readBytes(request.body)
  if (bytes !== undefined) return bytes
  if (!('clone' in request) || (request as { bodyUsed?: boolean }).bodyUsed) return undefined
  const buffer = (request as FetchRequest).clone().arrayBuffer()
  return new Uint8Array(yield* wait(buffer))
}

/** A request as it reaches its server. */
export interface Sent {
  readonly received: ReceivedRequest
  /** The hash of a body that is not at hand. */
  readonly hash?: string | undefined
}

/** A client's request as its server receives it: with the host that every client derives from the URL. */
export function* asReceived(request: AnyRequest, payload: string | undefined): Steps<Sent> {
  const { method = 'GET', url } = request
  const isParsed = typeof url !== 'string' || 'clone' in request
  const href = typeof url === 'string' ? url : url.href
  const wire = isParsed ? href.replace(/#.*/s, '') : href
  const fields = [...fieldsOf(request.headers)]
  if (fieldOf(fields, 'host') === undefined) fields.push(['host', readUrl(wire, {})[1]])
  const target = urlOnWire(wire, request.headers)
  const received = { method: method.toUpperCase(), url: target, headers: fields }
  const bytes = yield* bytesOf(request)
  if (bytes !== undefined) return { received: { ...received, body: bytes } }
  const hash = payload ?? fieldOf(fields, 'x-amz-content-sha256')
  if (hash === undefined)
    fail('invalid-body', 'text, bytes, a Request that is not read yet, or payload')
  // A body that cannot be read has a stand-in, told by itself and not empty, for its hash.
  return { received: { ...received, body: new Uint8Array(1) }, hash }
}
