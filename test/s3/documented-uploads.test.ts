import { Readable } from 'node:stream'
import { type EncodeOptions, encodeChunked } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { s3Examples } from '../vectors.ts'
import { checksums, decode, read, received } from './support.ts'

const now = new Date('2013-05-24T00:00:00Z')

/** The two uploads, each with the options that make its headers: one signs its content-length. */
const CASES: readonly (readonly [name: string, more: Partial<EncodeOptions>])[] = [
  ['chunked-put-seed', { signableHeaders: ['content-length'] }],
  ['chunked-put-trailer-seed', { checksum: 'crc32c', checksums }],
]

describe.each(CASES)("S3's documented example %s", (name, more) => {
  const example = s3Examples.cases.find((one) => one.name === name) as unknown as {
    url: string
    signature: string
    canonicalRequest: string
    chunkSignatures: readonly [string, string, string]
    trailerSignature?: string
  }
  const [first, second, last] = example.chunkSignatures
  const trailer = more.checksum
    ? `x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:${example.trailerSignature}\r\n`
    : ''
  const body = [
    `10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n`,
    `400;chunk-signature=${second}\r\n${'a'.repeat(1024)}\r\n`,
    `0;chunk-signature=${last}\r\n${trailer}\r\n`,
  ].join('')

  const encode = () =>
    encodeChunked(
      { url: example.url, headers: { 'x-amz-storage-class': 'REDUCED_REDUNDANCY' } },
      Readable.from([Buffer.alloc(60_000, 'a'), Buffer.alloc(6_560, 'a')]),
      {
        credentials: s3Examples.credentials,
        ...{ region: s3Examples.region, signingDate: now, decodedLength: 66_560 },
        ...more,
      },
    )

  it('has the published signatures, and the exact bytes', async () => {
    const signed = await encode()
    expect(signed.signature).toBe(example.signature)
    expect(signed.trace.canonicalRequest).toBe(example.canonicalRequest)
    expect((await read(signed.body)).toString()).toBe(body)
  })

  it('decodes, and is refused with a byte of it changed', async () => {
    const { headers } = await encode()
    const { url } = example
    const verified = await received(headers, { url, now, credentials: s3Examples.credentials })
    const whole = await decode(Buffer.from(body), verified)
    expect([whole.code, whole.bytes.toString()]).toEqual([undefined, 'a'.repeat(66_560)])
    const tampered = Buffer.from(body.replace('aaaa', 'aaab'))
    expect(await decode(tampered, verified)).toEqual({
      bytes: Buffer.alloc(0),
      code: 'chunk-mismatch',
    })
  })
})
