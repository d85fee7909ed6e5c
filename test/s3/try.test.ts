import { verify } from 'countersign'
import { decodeChunked, encodeChunked } from 'countersign/s3'
import { expect, it } from 'vitest'
import { buffer } from 'node:stream/consumers'
import { s3Examples } from '../vectors.ts'
import { AwsCrc32c } from '@aws-crypto/crc32c'
it('x', async () => {
  const ex = s3Examples.cases.find((c) => c.name === 'chunked-put-trailer-seed')!
  const signed = await encodeChunked({ url: ex.url, headers: { 'x-amz-storage-class': 'REDUCED_REDUNDANCY' } }, 'a'.repeat(66560), {
    credentials: s3Examples.credentials, region: 'us-east-1', signingDate: new Date('2013-05-24T00:00:00Z'),
    checksum: 'crc32c', checksums: { crc32c: () => new AwsCrc32c() },
  })
  expect(signed.signature).toBe(ex.signature)
  const bytes = await buffer(signed.body as any)
  console.log(bytes.toString().replace(/a{100,}/g, 'A'), signed.headers, bytes.length)
  const result = await verify({ method: 'PUT', url: ex.url, headers: signed.headers }, { service: 's3', now: new Date('2013-05-24T00:00:00Z'), credentials: () => s3Examples.credentials })
  if (!result.ok) throw new Error(result.message)
  const out = await buffer(decodeChunked(bytes, result, { checksums: { crc32c: () => new AwsCrc32c() }, onTrailer: console.log }) as any)
  expect(out.toString()).toBe('a'.repeat(66560))
})
