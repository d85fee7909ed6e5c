import { AwsCrc32c } from '@aws-crypto/crc32c'
import { verify } from 'countersign'
import { decodeChunked, encodeChunked, verifyPostPolicy } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { captures } from '../captures.ts'
import { s3Examples } from '../vectors.ts'

const now = new Date('2013-05-24T00:00:00Z')
const body = 'a'.repeat(66560)
const checksums = { crc32c: () => new AwsCrc32c() }
const credentials = s3Examples.credentials

const example = (name: string) => {
  const found = s3Examples.cases.find((one) => one.name === name)
  if (!found) throw new Error(name)
  return found as unknown as {
    url: string
    signature: string
    chunkSignatures: string[]
    trailerSignature?: string
  }
}

const read = async (stream: unknown): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of stream as AsyncIterable<Uint8Array>) parts.push(part)
  return Buffer.concat(parts)
}

describe("S3's documented chunked uploads", () => {
  it('with a trailer: every signature, byte for byte, and back', async () => {
    const { url, signature, chunkSignatures, trailerSignature } = example(
      'chunked-put-trailer-seed',
    )
    const headers = { 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    const options = { credentials, region: 'us-east-1', signingDate: now }
    const signed = await encodeChunked({ url, headers }, body, {
      ...options,
      checksum: 'crc32c',
      checksums,
    })
    expect(signed.signature).toBe(signature)
    const bytes = await read(signed.body)
    const text = bytes.toString()
    for (const chunk of chunkSignatures) expect(text).toContain(`;chunk-signature=${chunk}\r\n`)
    expect(text).toContain('x-amz-checksum-crc32c:sOO8/Q==\r\n')
    expect(text).toContain(`x-amz-trailer-signature:${trailerSignature}\r\n`)

    const received = { method: 'PUT', url, headers: signed.headers }
    const result = await verify(received, { service: 's3', now, credentials: () => credentials })
    if (!result.ok) throw new Error(result.message)
    expect((await read(decodeChunked(bytes, result, { checksums }))).toString()).toBe(body)
    const tampered = Buffer.from(bytes)
    tampered[70_000 - 4000] = 98
    await expect(read(decodeChunked(tampered, result, { checksums }))).rejects.toMatchObject({
      code: 'chunk-mismatch',
    })
  })
})

describe('uploads and forms that real clients sent', () => {
  const streams = captures.filter(({ stream }) => stream)
  it.each(streams.map((one) => [one.name, one] as const))('%s decodes', async (_, one) => {
    const bytes = Buffer.from(one.bodyBase64, 'base64')
    const result = await verify(
      { method: one.method, url: one.url, headers: one.headers },
      { service: 's3', now: new Date(one.receivedAt), credentials: () => one.credentials },
    )
    if (!result.ok) throw new Error(result.message)
    const { AwsCrc32 } = await import('@aws-crypto/crc32')
    const all = { ...checksums, crc32: () => new AwsCrc32() }
    const decoded = await read(decodeChunked(bytes, result, { checksums: all }))
    expect(decoded.length).toBeGreaterThan(0)
  })

  const forms = captures.filter(({ kind }) => kind === 'post-policy')
  it.each(forms.map((one) => [one.name, one] as const))('%s verifies', async (_, one) => {
    const type = one.headers.find(([name]) => /^content-type$/i.test(name))?.[1] as string
    const payload = Buffer.from(one.bodyBase64, 'base64')
    const form = await new Response(payload, { headers: { 'content-type': type } }).formData()
    const options = {
      bucket: 'bucket',
      now: new Date(one.receivedAt),
      credentials: () => one.credentials,
    }
    const result = await verifyPostPolicy(form as never, options)
    expect(result.ok ? 'verified' : result.message).toBe('verified')
    form.set('key', 'elsewhere/key')
    expect((await verifyPostPolicy(form as never, options)).ok).toBe(false)
  })
})
