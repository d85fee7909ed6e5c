import { p256 } from '@noble/curves/nist.js'
import { encodeChunked } from 'countersign/s3'
import { sigv4a, sigv4aWith } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../support/hash.ts'
import { s3Examples } from '../vectors.ts'
import { checksums, decode, noise, read, upload } from './support.ts'

/**
 * The public point that AWS's C signer (aws-c-auth, its chunked signing tests) gives for the key of
 * S3's documented examples.
 */
const POINT = Buffer.from(
  '0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab' +
    'fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2',
  'hex',
)
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** What the same tests have for the documented upload's chunks of 65536 and 1024 bytes, and its end. */
const CHUNKS = [
  'bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a',
  '2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a',
  EMPTY,
]

const holds = (stringToSign: string, signature: string) =>
  p256.verify(Buffer.from(signature, 'hex'), Buffer.from(stringToSign), POINT, {
    ...{ format: 'der', prehash: true, lowS: false },
  })

describe("chunks as AWS's C signer signs them", () => {
  it.each([undefined, 'crc32c'])(
    'hold by another implementation, trailer: %s',
    async (checksum) => {
      const signed = await encodeChunked(
        { url: 'https://s3.amazonaws.com/examplebucket/chunkObject.txt' },
        'a'.repeat(66_560),
        {
          ...{ credentials: s3Examples.credentials, regionSet: 'us-east-1', algorithm: sigv4a },
          ...{ signingDate: new Date('2013-05-24T00:00:00Z'), checksum, checksums },
        },
      )
      const word = `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD${checksum ? '-TRAILER' : ''}`
      expect(signed.headers).toMatchObject({
        'x-amz-content-sha256': word,
        'x-amz-region-set': 'us-east-1',
      })
      expect(signed.trace.credentialScope).toBe('20130524/s3/aws4_request')
      expect(holds(signed.trace.stringToSign, signed.signature)).toBe(true)

      const bytes = await read(signed.body)
      expect(signed.headers['content-length']).toBe(String(bytes.length))
      const links = [...bytes.toString().matchAll(/-signature[=:]([\da-f*]+)\r\n/g)]
      expect(links.map(([, link]) => link?.length)).toEqual(Array(checksum ? 4 : 3).fill(144))
      const place = '20130524T000000Z\n20130524/s3/aws4_request'
      const trailer = sha256('x-amz-checksum-crc32c:sOO8/Q==\n')
      const texts = [...CHUNKS.map((hash) => `${EMPTY}\n${hash}`), trailer]
      let previous = signed.signature
      for (const [at, [, link = '']] of links.entries()) {
        const name = `AWS4-ECDSA-P256-SHA256-${at < 3 ? 'PAYLOAD' : 'TRAILER'}`
        const signature = link.replace(/\*+$/, '')
        expect(holds(`${name}\n${place}\n${previous}\n${texts[at]}`, signature)).toBe(true)
        previous = signature
      }
    },
  )
})

describe('a curve that is passed in', () => {
  it.each([
    ['signs what the platform verifies', sigv4aWith(p256), sigv4a],
    ['verifies what the platform signs', sigv4a, sigv4aWith(p256)],
  ])('%s', async (_, signer, algorithm) => {
    const { bytes, verified } = await upload(noise(20_000), {
      ...{ algorithm: signer, checksum: 'crc32', chunkSize: 8192 },
    })
    const back = await decode(bytes, verified, { algorithm })
    expect([back.code, back.bytes.equals(noise(20_000))]).toEqual([undefined, true])
    bytes[9000] = (bytes[9000] ?? 0) ^ 1
    const other = await decode(bytes, verified, { algorithm })
    expect([other.code, other.bytes.length]).toEqual(['chunk-mismatch', 8192])
  })
})

it('chunks of a region set are verified for a region of it, by a verifier told the algorithm', async () => {
  const { signed, verified } = await upload('x', { algorithm: sigv4a, regionSet: ['us-west-*'] })
  expect(signed.headers['x-amz-region-set']).toBe('us-west-*')
  expect(verified.scope).toMatchObject({ regionSet: ['us-west-*'], service: 's3' })
  expect((await decode('', verified)).code).toBe('invalid-options')
})
