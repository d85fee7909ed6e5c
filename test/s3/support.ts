import { createHash } from 'node:crypto'
import { AwsCrc32 } from '@aws-crypto/crc32'
import { AwsCrc32c } from '@aws-crypto/crc32c'
import { Crc64Nvme } from '@aws-sdk/crc64-nvme'
import { type Algorithm, type Credentials, type Verified, verify } from 'countersign'
import {
  type ByteSource,
  type Checksums,
  type DecodeOptions,
  decodeChunked,
  type EncodeOptions,
  encodeChunked,
} from 'countersign/s3'
import { sigv4a } from 'countersign/sigv4a'
import { exampleKey as credentials } from '../support/example-key.ts'

export { credentials }

export const now = new Date('2015-08-30T12:36:00Z')

/** Each of S3's checksums, as its well-kept package has it. */
export const checksums = {
  crc32: () => new AwsCrc32(),
  crc32c: () => new AwsCrc32c(),
  crc64nvme: () => new Crc64Nvme(),
  sha1: () => createHash('sha1'),
} satisfies Checksums

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'

/** An upload on its way: the signed request, its body's bytes and what the server makes of it. */
export async function upload(source: ByteSource, more: Partial<EncodeOptions> = {}) {
  const options = { credentials, region: 'eu-west-1', signingDate: now, checksums, ...more }
  const signed = await encodeChunked({ url }, source, options)
  const bytes = await read(signed.body)
  const { algorithm } = more
  return { signed, bytes, verified: await received(signed.headers, { algorithm }) }
}

/** Where and when a request came in. */
interface Reception {
  readonly algorithm?: Algorithm | undefined
  readonly url?: string
  readonly now?: Date
  readonly credentials?: Credentials
}

/** What a server makes of a request's headers; the body is for `decodeChunked`. */
export async function received(
  headers: Record<string, string>,
  at: Reception = {},
): Promise<Verified> {
  const request = { method: 'PUT', url: at.url ?? url, headers }
  const key = at.credentials ?? credentials
  const options = { service: 's3', now: at.now ?? now, credentials: () => key }
  const result = await verify(request, { ...options, algorithm: at.algorithm })
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`)
  return result
}

/** All that a stream gives, in one array. */
export async function read(stream: unknown): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream as AsyncIterable<Uint8Array>) parts.push(part)
  return Buffer.concat(parts)
}

/** What a decoder hands on before it ends, and the code of the error that ends it. */
export async function decode(
  source: ByteSource,
  verified: Verified,
  options: DecodeOptions = {},
): Promise<{ bytes: Buffer; code: string | undefined }> {
  const parts: Uint8Array[] = []
  let code: string | undefined
  try {
    const stream = decodeChunked(source, verified, { checksums, ...options })
    for await (const part of stream as AsyncIterable<Uint8Array>) parts.push(part)
  } catch (error) {
    code = (error as { code?: string }).code ?? String(error)
  }
  return { bytes: Buffer.concat(parts), code }
}

/** Bytes cut at the places given. */
export async function* inPieces(bytes: Uint8Array, cuts: readonly number[]) {
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut)
    from = cut
  }
  yield bytes.subarray(from)
}

/** Bytes that look like nothing in particular. */
export function noise(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0, state = seed; at < size; at++) {
    state = (state * 1664525 + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

/** The modes of aws-chunked, each with the options that ask for it. */
export const MODES: readonly (readonly [word: string, options: Partial<EncodeOptions>])[] = [
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {}],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { checksum: 'crc32c' }],
  ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', { algorithm: sigv4a }],
  ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER', { algorithm: sigv4a, checksum: 'sha256' }],
  [
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    { checksum: 'crc64nvme', payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
  ],
]
