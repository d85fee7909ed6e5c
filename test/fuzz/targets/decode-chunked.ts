import { verify } from 'countersign'
import { sigv4 } from '../../../src/algorithms/sigv4.ts'
import { sigv4a } from '../../../src/sigv4a.ts'
import { captures } from '../../captures.ts'
import { decode, inPieces, MODES, noise, upload } from '../../s3/support.ts'
import { byNumber, numbered, target } from '../target.ts'

const SMALL = Buffer.from(`hello world, ${'0123456789'.repeat(7)}`)
/** Two chunks, and no more than a signer makes. */
const LARGE = noise(8200)

const ours = await Promise.all(
  [
    ...MODES.map((mode) => [...mode, SMALL] as const),
    [...(MODES[1] as (typeof MODES)[number]), LARGE] as const,
  ].map(async ([, options, content]) => {
    const { bytes, verified } = await upload(content, { ...options, chunkSize: 8192 })
    return { bytes, verified }
  }),
)
const captured = await Promise.all(
  captures
    .filter(({ stream }) => stream)
    .map(async ({ method, url, headers, receivedAt, credentials, bodyBase64 }) => {
      const options = { service: 's3', now: new Date(receivedAt), credentials: () => credentials }
      const verified = await verify({ method, url, headers }, options)
      if (!verified.ok) throw new Error(verified.message)
      return { bytes: Buffer.from(bodyBase64, 'base64'), verified }
    }),
)
const algorithm = [sigv4, sigv4a]
const uploads = await Promise.all(
  [...ours, ...captured].map(async ({ bytes, verified }) => ({
    ...{ bytes, verified, content: (await decode(bytes, verified, { algorithm })).bytes },
    isSigned: /-PAYLOAD(-TRAILER)?$/.test(verified.trace.canonicalRequest)
      ? !verified.trace.canonicalRequest.includes('STREAMING-UNSIGNED')
      : false,
  })),
)

const CODES = [
  ...(['invalid-chunk', 'chunk-mismatch', 'trailer-mismatch', 'checksum-mismatch'] as const),
  ...(['length-mismatch', 'chunk-limit', 'unknown-checksum'] as const),
]

/**
 * A chunked body, changed and cut in pieces: nothing is handed on but what was signed, and what is
 * not signed is at least as long as it was announced.
 */
export const decoding = target({
  name: 'decodeChunked',
  codes: CODES,
  cost: { fixed: 60, perByte: 0.05 },
  seeds: () =>
    uploads.flatMap(({ bytes }, at) => [0, 7].map((cut) => numbered(at, numbered(cut, bytes)))),
  read(input) {
    const [upload, [cut = 0, ...rest]] = byNumber(uploads, input)
    const bytes = Uint8Array.from(rest)
    const cuts = Array.from({ length: cut ? Math.min(200, rest.length / cut) : 0 }, (_, at) =>
      Math.min(bytes.length, (at + 1) * cut),
    )
    return { upload, bytes, cuts }
  },
  call: ({ upload, bytes, cuts }) => decode(inPieces(bytes, cuts), upload.verified, { algorithm }),
  judge({ upload: { content, isSigned, verified } }, { bytes, code }) {
    if (code !== undefined && !(CODES as readonly string[]).includes(code))
      return `fails with ${code}`
    if (isSigned && !content.subarray(0, bytes.length).equals(bytes))
      return 'hands on bytes that were not signed'
    if (code !== undefined) return undefined
    const told = /^x-amz-decoded-content-length:(\d+)$/m.exec(verified.trace.canonicalRequest)?.[1]
    if (told !== undefined && bytes.length !== Number(told))
      return `ends after ${bytes.length} bytes`
    return isSigned && bytes.length !== content.length ? 'ends before its end' : undefined
  },
})
