import { createHash } from 'node:crypto'
import { sign, type Verified, type VerifyOptions, verify } from 'countersign'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { sigv4a } from '../../src/sigv4a.ts'
import { captures } from '../captures.ts'
import { credentials, decode, MODES, noise, now, upload } from '../s3/support.ts'
import { byNumber, numbered } from './target.ts'

/** A body as it was sent, and what was verified of its request. */
export interface Upload {
  readonly bytes: Uint8Array
  readonly verified: Verified
  /** What it is without its frames. */
  readonly content: Buffer
  /** What holds the bytes: each chunk before it is handed on, all of them at the end, or nothing. */
  readonly held: 'chunks' | 'end' | 'nothing'
  readonly isChunked: boolean
}

/** Of either kind of signature. */
export const algorithm = [sigv4, sigv4a]

async function verifiedOf(request: Parameters<typeof verify>[0], options: VerifyOptions) {
  const verified = await verify(request, { algorithm, payload: 'deferred', ...options })
  if (!verified.ok) throw new Error(verified.message)
  return verified
}

const SMALL = Buffer.from(`hello world, ${'0123456789'.repeat(7)}`)
/** Two chunks, and no more than a signer makes. */
const LARGE = noise(8200)

const ours = [...MODES, ...MODES.slice(1, 2)].map(async ([, options], at) => {
  const content = at < MODES.length ? SMALL : LARGE
  const { bytes, verified } = await upload(content, { ...options, chunkSize: 8192 })
  return { bytes, verified }
})

const captured = captures
  .filter(({ stream }) => stream)
  .map(async ({ method, url, headers, receivedAt, credentials, bodyBase64 }) => ({
    bytes: Buffer.from(bodyBase64, 'base64'),
    verified: await verifiedOf(
      { method, url, headers },
      { service: 's3', now: new Date(receivedAt), credentials: () => credentials },
    ),
  }))

const chunked = await Promise.all(
  [...ours, ...captured].map(async (upload): Promise<Upload> => {
    const { bytes, verified } = await upload
    const isSigned = !verified.trace.canonicalRequest.includes('STREAMING-UNSIGNED')
    const { bytes: content } = await decode(bytes, verified, { algorithm })
    return { bytes, verified, content, held: isSigned ? 'chunks' : 'nothing', isChunked: true }
  }),
)

const digest = createHash('sha256').update(SMALL).digest('base64')
const whole = await Promise.all(
  [{}, { 'content-md5': createHash('md5').update(SMALL).digest('base64') }, undefined].map(
    async (own): Promise<Upload> => {
      const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
      const headers = own ?? { 'x-amz-checksum-sha256': digest }
      const signed = await sign(
        { method: 'PUT', url, headers, body: SMALL },
        {
          ...{ credentials, service: 's3', region: 'eu-west-1', signingDate: now },
          payload: own ? undefined : 'UNSIGNED-PAYLOAD',
        },
      )
      const rules = { service: 's3', now, credentials: () => credentials }
      const verified = await verifiedOf({ method: 'PUT', url, headers: signed.headers }, rules)
      return { bytes: SMALL, verified, content: SMALL, held: 'end', isChunked: false }
    },
  ),
)

/** Uploads of every kind: of countersign, and of real clients. */
export const uploads: readonly Upload[] = [...chunked, ...whole]

/** Each upload as an input: its number, how it is cut, its bytes. */
export const uploadSeeds = (of: readonly Upload[]): readonly Uint8Array[] =>
  of.flatMap(({ bytes }, at) => [0, 7].map((cut) => numbered(at, numbered(cut, bytes))))

/** An input as an upload whose bytes are others, and where they are cut. */
export function readUpload(of: readonly Upload[], input: Uint8Array) {
  const [upload, [cut = 0, ...rest]] = byNumber(of, input)
  const bytes = Uint8Array.from(rest)
  const times = cut ? Math.min(200, Math.floor(rest.length / cut)) : 0
  return { upload, bytes, cuts: Array.from({ length: times }, (_, at) => (at + 1) * cut) }
}

/** What is wrong with what came through, where it ended without a fault or with one. */
export function wrongWith(
  { content, held, verified }: Upload,
  bytes: Buffer,
  isWhole: boolean,
): string | undefined {
  if (held === 'chunks' && !content.subarray(0, bytes.length).equals(bytes))
    return 'hands on bytes that were not signed'
  if (!isWhole) return undefined
  const told = /^x-amz-decoded-content-length:(\d+)$/m.exec(verified.trace.canonicalRequest)?.[1]
  if (told !== undefined && bytes.length !== Number(told)) return `ends after ${bytes.length} bytes`
  return held === 'nothing' || bytes.equals(content) ? undefined : 'ends with other bytes'
}
