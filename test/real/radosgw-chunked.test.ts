import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type SignOptions, sign } from 'countersign'
import {
  type ByteSource,
  type ByteStream,
  createPostPolicy,
  type EncodeOptions,
  encodeChunked,
} from 'countersign/s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inPieces, noise, read } from '../s3/support.ts'
import { describeWithPart, type Radosgw, startRadosgw } from './parts.ts'

const SIZE = 1_000_000

describeWithPart('radosgw', "radosgw and countersign's own chunks", () => {
  let radosgw: Radosgw
  let options: Pick<SignOptions, 'region' | 'credentials'>
  let bucket: string
  beforeAll(async () => {
    radosgw = await startRadosgw()
    options = { region: 'us-east-1', credentials: radosgw.credentials }
    bucket = `${radosgw.endpoint}/bucket1`
    expect((await ask('PUT', bucket)).status).toBe(200)
  })
  afterAll(() => radosgw?.stop())

  async function ask(method: string, url: string) {
    const signed = await sign({ method, url }, { ...options, service: 's3' })
    const response = await fetch(signed.url, signed)
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
  }
  const encode = (key: string, source: ByteSource, more: Partial<EncodeOptions> = {}) =>
    encodeChunked({ url: `${bucket}/${key}` }, source, { ...options, ...more })

  const sources: readonly (readonly [string, () => ByteSource])[] = [
    ['bytes', () => noise(SIZE)],
    ['a web stream', () => new Blob([new Uint8Array(noise(SIZE))]).stream()],
    ['a Node stream', () => Readable.from(inPieces(noise(SIZE), [1, 65_536, 400_000]))],
  ]
  it.each(sources)('stores %s that fetch sends in chunks', async (name, source) => {
    const key = name.replaceAll(' ', '-')
    const signed = await encode(key, source(), { decodedLength: SIZE })
    const response = await fetch(signed.url, signed as RequestInit)
    expect(response.status).toBe(200)
    const stored = await ask('GET', `${bucket}/${key}`)
    expect([stored.status, stored.body.equals(noise(SIZE))]).toEqual([200, true])
  })

  it.each([1, 8192, 65_536, 65_537])('stores %d bytes that node:http sends', async (size) => {
    for (const chunkSize of [8192, 65_536]) {
      const signed = await encode(`size-${size}`, noise(size), { chunkSize })
      expect(await send(signed, signed.body)).toBe(200)
      const stored = await ask('GET', `${bucket}/size-${size}`)
      expect([stored.status, stored.body.equals(noise(size))]).toEqual([200, true])
    }
  })

  it('stores what is signed with another encoding and content-length', async () => {
    const url = `${bucket}/encoded`
    const headers = { 'content-encoding': 'gzip', 'x-amz-meta-a': 'b' }
    const more = { ...options, signableHeaders: ['content-length'] }
    const signed = await encodeChunked({ url, headers }, 'text', more)
    expect(await send(signed, signed.body)).toBe(200)
  })

  // Without bytes radosgw 16 answers 400, and it reads no further than the last byte: neither is ours.
  const tampered = [
    ['a byte of a chunk', (bytes: Buffer) => flip(bytes, 30_000)],
    ['a byte of the last chunk', (bytes: Buffer) => flip(bytes, bytes.length - 120)],
    ["a chunk's signature", (bytes: Buffer) => flip(bytes, 40)],
    ["the last chunk's own signature", (bytes: Buffer) => flip(bytes, bytes.length - 4600)],
  ] as const
  it.each(tampered)('refuses %s that was changed', async (_, tamper) => {
    const signed = await encode('tampered', noise(70_000))
    const bytes = await read(signed.body)
    expect(await send(signed, inPieces(bytes, []))).toBe(200)
    expect((await ask('DELETE', `${bucket}/tampered`)).status).toBe(204)
    expect(await send(signed, inPieces(tamper(bytes), []))).toBeGreaterThanOrEqual(400)
    expect((await ask('HEAD', `${bucket}/tampered`)).status).toBe(404)
  })

  it('refuses chunks whose seed is signed by another key', async () => {
    const credentials = { ...radosgw.credentials, secretAccessKey: 'another' }
    const signed = await encode('seed', noise(10), { credentials })
    expect(await send(signed, signed.body)).toBe(403)
  })

  it('stores what a signed form posts, and refuses a field that its policy does not allow', async () => {
    const policy = await createPostPolicy({
      ...{ bucket: 'bucket1', key: 'form/$' + '{filename}', url: bucket },
      ...{ region: 'us-east-1', credentials: radosgw.credentials },
      fields: { 'Content-Type': 'text/plain' },
      conditions: [['content-length-range', 1, 10]],
    })
    const post = async (more: Record<string, string>, text: string) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ ...policy.fields, ...more }))
        form.set(name, value)
      form.set('file', new File([text], 'a.txt'))
      const response = await fetch(policy.url, { method: 'POST', body: form })
      await response.arrayBuffer()
      return response.status
    }
    expect(await post({}, 'hello')).toBe(204)
    expect((await ask('GET', `${bucket}/form/a.txt`)).body.toString()).toBe('hello')
    expect(await post({ key: 'elsewhere' }, 'hello')).toBe(403)
    expect(await post({ acl: 'public-read' }, 'hello')).toBe(403)
    expect(await post({}, 'hello, this is too long')).toBeGreaterThanOrEqual(400)
    expect(await post({ 'x-amz-signature': '0'.repeat(64) }, 'hello')).toBe(403)
  })
})

function flip(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes)
  other[at] = (other[at] ?? 0) ^ 1
  return other
}

/** Sends chunks by node:http, and answers the status. */
async function send(
  { url, method, headers }: { url: string; method: string; headers: Record<string, string> },
  body: ByteStream | undefined | AsyncIterable<Uint8Array>,
): Promise<number> {
  const request = httpRequest(url, { method, headers, agent: false })
  const answered = once(request, 'response')
  // A server may answer before it has read all, and close the connection.
  const sent = pipeline(body as AsyncIterable<Uint8Array>, request).catch(() => {})
  const [response] = await answered
  await buffer(response).catch(() => {})
  await sent
  return response.statusCode
}
