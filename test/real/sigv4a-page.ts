/** Runs in a page: what the tests of SigV4a and of chunks call in a browser. */
import { AwsCrc32 } from '@aws-crypto/crc32'
import { p256 } from '@noble/curves/nist.js'
import {
  type Algorithm,
  CountersignError,
  presign,
  type ReceivedRequest,
  type SignedRequest,
  sign,
  verify,
} from 'countersign'
import { decodeChunked, encodeChunked } from 'countersign/s3'
import { deriveSigningKeyPair, sigv4a, sigv4aWith } from 'countersign/sigv4a'
import * as sync from 'countersign/sync'

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a/token+of==',
}
const checksums = { crc32: () => new AwsCrc32() }
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'

/** How a body is sent, in what can pass between a page and its test. */
export interface Mode {
  readonly algorithm?: 'sigv4a'
  readonly checksum?: 'crc32'
  readonly payload?: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
}

const algorithmOf = ({ algorithm }: Mode): { algorithm?: Algorithm } =>
  algorithm ? { algorithm: sigv4a } : {}

const toBase64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (digit) => digit.charCodeAt(0))

/** All that a stream gives; a Response would hide what it fails with. */
async function gather(stream: ReadableStream): Promise<Uint8Array> {
  const parts: BlobPart[] = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer())
    parts.push(value)
  }
}

async function codeOf<T>(task: () => T | Promise<T>): Promise<T | string> {
  try {
    return await task()
  } catch (error) {
    return error instanceof CountersignError ? error.code : String(error)
  }
}

const asymmetric = { service: 's3', regionSet: 'eu-*', algorithm: sigv4a, credentials }

const api = {
  subtle: async () => typeof globalThis.crypto.subtle,

  sign: async (): Promise<SignedRequest> => sign({ url }, asymmetric),
  presign: async (): Promise<SignedRequest> => presign({ url }, asymmetric),

  /** Whether a request holds, or why not. */
  verify: (received: ReceivedRequest) =>
    codeOf(async () => {
      const result = await verify(received, {
        ...{ service: 's3', region: 'eu-west-1', algorithm: sigv4a },
        credentials: () => credentials,
      })
      return result.ok || result.reason
    }),

  /** The public key in base64. */
  async publicKey(accessKeyId: string, secretAccessKey: string) {
    const { publicKey } = await deriveSigningKeyPair({ accessKeyId, secretAccessKey })
    return toBase64(publicKey)
  },

  /** Signs with the platform's curve, or in `countersign/sync` with one that is passed in. */
  attempt: (curve: 'platform' | 'passed in') =>
    codeOf<SignedRequest>(() =>
      curve === 'platform'
        ? sign({ url }, asymmetric)
        : sync.sign({ url }, { ...asymmetric, algorithm: sigv4aWith(p256) }),
    ),

  /** Sends a text in chunks: the headers, and the body in base64. */
  async encode(text: string, mode: Mode) {
    const { headers, body } = await encodeChunked({ url }, new Blob([text]).stream(), {
      ...{ region: 'eu-west-1', credentials, checksums, chunkSize: 8192 },
      ...mode,
      ...algorithmOf(mode),
    } as Parameters<typeof encodeChunked>[2])
    return { headers, body: toBase64(await gather(body as ReadableStream)) }
  },

  /** Receives what `encode` has sent: the text, or why not. */
  decode: (headers: Record<string, string>, body: string, mode: Mode) =>
    codeOf(async () => {
      const result = await verify(
        { method: 'PUT', url, headers },
        { service: 's3', ...algorithmOf(mode), credentials: () => credentials },
      )
      if (!result.ok) return result.reason
      const source = new Blob([fromBase64(body)]).stream()
      const stream = decodeChunked(source, result, { checksums, ...algorithmOf(mode) })
      return new TextDecoder().decode(await gather(stream as ReadableStream))
    }),
}

export type PageApi = typeof api

Object.assign(globalThis, { countersignPage: api })
