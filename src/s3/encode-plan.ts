import { sigv4 } from '../algorithms/sigv4.ts'
import { readHeaders } from '../canonical/headers.ts'
import { isAtHand, toBytes } from '../lib/bytes.ts'
import { fail } from '../model/errors.ts'
import type { SigningRequest, SignOptions } from '../model/types.ts'
import type { WithRegion } from '../model/verb-types.ts'
import { type ChecksumName, type Checksums, checksumField, type Running } from './checksums.ts'
import { framedLength, signatureWidth } from './frame.ts'
import { type ChunkedPayload, formatMode, type Mode, parseMode } from './modes.ts'
import type { ByteSource } from './streams.ts'

/** The request that carries the chunks; the body comes from the source. */
export interface ChunkedRequest extends Omit<SigningRequest, 'body'> {
  /** Upper-cased as `fetch` sends it. Default: `PUT`. */
  method?: string
}

/** What `encodeChunked` signs with, how it cuts the body, and the checksum that trails it. */
export interface EncodeOptions extends Omit<SignOptions, 'payload' | 'service'> {
  /** As it stands in the credential scope. Default: `s3`. */
  service?: string | undefined
  /**
   * The value of `x-amz-content-sha256`. Default: chunks signed by the algorithm, with a trailer
   * where there is a checksum.
   */
  payload?: ChunkedPayload | undefined
  /** The checksum that trails the body: one that is built in, or one of `checksums`. Default: none. */
  checksum?: ChecksumName | undefined
  /** How to start others than those built in, by S3's names, see {@link Checksum}. Default: none. */
  checksums?: Checksums | undefined
  /** Bytes of every chunk but the last, at least 8192. Default: 65536. */
  chunkSize?: number | undefined
  /**
   * Bytes of the source, which it must keep to. Default: those at hand, or what the header
   * `x-amz-decoded-content-length`, else `content-length`, says.
   */
  decodedLength?: number | undefined
}

const SMALLEST = 8192

/** How a body will be framed. */
export interface Plan {
  readonly mode: Mode
  readonly payload: string
  readonly width: number
  readonly chunkSize: number
  readonly length: number | undefined
  readonly field: string | undefined
}

/** Reads the options, and how long the body will be. */
export function planOf(
  request: ChunkedRequest,
  source: ByteSource,
  options: WithRegion<EncodeOptions>,
): Plan {
  const { algorithm = sigv4, checksum, chunkSize = 65536 } = options
  if (!(Number.isSafeInteger(chunkSize) && chunkSize >= SMALLEST))
    fail('invalid-options', `chunkSize in whole bytes, at least ${SMALLEST}`)
  const payload =
    options.payload ?? formatMode({ algorithm: algorithm.name, trailer: checksum !== undefined })
  const mode = parseMode(payload)
  if (!mode || (mode.algorithm ?? algorithm.name) !== algorithm.name)
    return fail('invalid-payload', `an aws-chunked word of ${algorithm.name}`)
  if (mode.trailer !== (checksum !== undefined))
    fail('invalid-payload', 'a payload with -TRAILER and a checksum, or neither')

  const fields = readHeaders(request.headers)
  const told = fields['x-amz-decoded-content-length'] ?? fields['content-length']
  const atHand = source === null ? 0 : isAtHand(source) ? toBytes(source).byteLength : undefined
  const length = options.decodedLength ?? atHand ?? (told === undefined ? undefined : Number(told))
  if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0))
    fail('invalid-options', 'decodedLength in whole bytes')
  return {
    mode,
    payload,
    width: signatureWidth(mode.algorithm),
    chunkSize,
    length,
    field: checksum === undefined ? undefined : checksumField(checksum),
  }
}

const OWN = /^(content-(encoding|length)|x-amz-(content-sha256|decoded-content-length|trailer))$/

const CHUNKED = 'aws-chunked'

/** The codings of a body, `aws-chunked` once among them. */
function codingsWithChunks(given = ''): string {
  const codings = given.split(',').map((coding) => coding.trim())
  const others = codings.filter((coding) => coding && coding.toLowerCase() !== CHUNKED)
  return codings.includes(CHUNKED) && codings.length === others.length + 1
    ? given
    : [CHUNKED, ...others].join(',')
}

/** The request's own fields, and those that announce the chunks. */
export function headersOf(
  request: ChunkedRequest,
  plan: Plan,
  contentLength: number | undefined,
): [name: string, value: string][] {
  const given = readHeaders(request.headers)
  const headers = Object.entries(given).filter(([name]) => !OWN.test(name))
  headers.push(['content-encoding', codingsWithChunks(given['content-encoding'])])
  if (contentLength !== undefined)
    headers.push(
      ['content-length', `${contentLength}`],
      ['x-amz-decoded-content-length', `${plan.length}`],
    )
  if (plan.field) headers.push(['x-amz-trailer', plan.field])
  return headers
}

/** How many bytes the frames take, known before the source is read where its length is. */
export async function contentLengthOf(
  { length, chunkSize, width, field }: Plan,
  start: () => Running | undefined,
): Promise<number | undefined> {
  // A checksum of nothing is as long as any other.
  const value = (await start()?.value()) ?? ''
  return length === undefined
    ? undefined
    : framedLength(length, chunkSize, width, field ? [[field, value]] : [])
}
