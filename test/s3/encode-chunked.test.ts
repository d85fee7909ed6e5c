import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type ByteSource, type Checksum, type EncodeOptions, encodeChunked } from 'countersign/s3'
import { sigv4a } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import {
  checksums,
  credentials,
  decode,
  inPieces,
  MODES,
  noise,
  now,
  read,
  received,
  upload,
} from './support.ts'

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const options = { credentials, region: 'eu-west-1', signingDate: now }
const encode = (source: ByteSource, more: Partial<EncodeOptions> = {}) =>
  encodeChunked({ url }, source, { ...options, ...more })

const toWeb = (pieces: AsyncIterable<Uint8Array>) => {
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

describe('encodeChunked', () => {
  it.each(MODES)('%s: the headers announce the body', async (word, more) => {
    const { signed, bytes } = await upload(noise(100_000), more)
    expect(signed.method).toBe('PUT')
    expect(signed.duplex).toBe('half')
    expect(signed.headers).toMatchObject({
      'content-encoding': 'aws-chunked',
      'content-length': String(bytes.length),
      'x-amz-content-sha256': word,
      'x-amz-decoded-content-length': '100000',
    })
    expect(signed.headers['x-amz-trailer']).toBe(more.checksum && `x-amz-checksum-${more.checksum}`)
    expect(signed.trace.signedHeaders).toContain('x-amz-decoded-content-length')
  })

  const size = 100_000
  const sources: readonly (readonly [string, () => ByteSource])[] = [
    ['bytes', () => noise(size)],
    ['an ArrayBuffer', () => noise(size).buffer as ArrayBuffer],
    ['a view', () => new DataView(noise(size).buffer)],
    ['a web stream', () => toWeb(inPieces(noise(size), [1, 2, 70_000]))],
    ['an async iterable', () => inPieces(noise(size), [65_536])],
    ['a Node Readable', () => Readable.from(inPieces(noise(size), [10, 99_999]))],
    ['single bytes', () => inPieces(noise(size), [...noise(size).keys()])],
  ]
  it.each(sources)('%s give the same bytes', async (_, source) => {
    const one = await upload(noise(size), { checksum: 'crc32' })
    const other = await upload(source(), { checksum: 'crc32', decodedLength: size })
    expect(other.bytes.equals(one.bytes)).toBe(true)
    expect(other.signed.signature).toBe(one.signed.signature)
  })

  it('a text is its UTF-8', async () => {
    const { signed, bytes, verified } = await upload('ü😀')
    expect(signed.headers['x-amz-decoded-content-length']).toBe('6')
    expect((await decode(bytes, verified)).bytes.toString()).toBe('ü😀')
  })

  it.each([0, 1, 8191, 8192, 8193, 65_535, 65_536, 65_537, 131_072])(
    '%d bytes take as many as content-length says',
    async (size) => {
      for (const [, more] of MODES)
        for (const chunkSize of [8192, 65_536, 100_000]) {
          const { signed, bytes, verified } = await upload(noise(size), { ...more, chunkSize })
          expect(signed.headers['content-length']).toBe(String(bytes.length))
          const { algorithm } = more
          const back = await decode(bytes, verified, { algorithm })
          expect(back.bytes.equals(noise(size))).toBe(true)
        }
    },
  )

  it.each([
    ['decodedLength', {}, { decodedLength: 5 }],
    ['x-amz-decoded-content-length', { 'X-Amz-Decoded-Content-Length': '5' }, {}],
    ['content-length', new Headers({ 'content-length': '5' }), {}],
  ])('the length of a stream is told by %s', async (_, headers, more) => {
    const source = inPieces(Buffer.from('hello'), [])
    const signed = await encodeChunked({ url, headers }, source, { ...options, ...more })
    expect(signed.headers['x-amz-decoded-content-length']).toBe('5')
    const bytes = await read(signed.body)
    expect(signed.headers['content-length']).toBe(String(bytes.length))
  })

  it('without a length there is no content-length, and the server decodes all the same', async () => {
    const { signed, bytes, verified } = await upload(inPieces(noise(70_000), [40_000]))
    expect(signed.headers).not.toHaveProperty('content-length')
    expect(signed.headers).not.toHaveProperty('x-amz-decoded-content-length')
    expect((await decode(bytes, verified)).bytes.equals(noise(70_000))).toBe(true)
  })

  it.each([
    ['gzip', 'aws-chunked,gzip'],
    ['aws-chunked, gzip', 'aws-chunked, gzip'],
    ['AWS-CHUNKED', 'aws-chunked'],
    ['gzip, Aws-Chunked', 'aws-chunked,gzip'],
    ['', 'aws-chunked'],
    [' ', 'aws-chunked'],
    ['aws-chunked,aws-chunked', 'aws-chunked'],
  ])('content-encoding %s becomes %s', async (given, sent) => {
    const headers = { 'Content-Encoding': given, 'x-amz-meta-a': ['b', 'c'] }
    const signed = await encodeChunked({ url, headers }, 'x', options)
    expect(signed.headers['content-encoding']).toBe(sent)
    expect(signed.headers['x-amz-meta-a']).toBe('b,c')
  })

  it('asks a provider once, signs with a session token and by a derived key', async () => {
    let asked = 0
    const temporary = { ...credentials, sessionToken: 'token' }
    const provider = async () => {
      asked++
      return temporary
    }
    const signed = await encode('x', { credentials: provider })
    expect(asked).toBe(1)
    expect(signed.trace.signedHeaders).toContain('x-amz-security-token')
    const { deriveSigningKey } = await import('countersign')
    const scope = { date: '20150830', region: 'eu-west-1', service: 's3' }
    const signingKey = await deriveSigningKey(credentials.secretAccessKey, {
      ...{ signingDate: now, region: 'eu-west-1', service: 's3' },
    })
    const derived = { accessKeyId: credentials.accessKeyId, signingKey, scope }
    const bytes = await read((await encode('x', { credentials: derived })).body)
    expect(bytes.equals((await upload('x')).bytes)).toBe(true)
  })

  it.each(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'])(
    '%s trails the body',
    async (name) => {
      const known: Record<string, string> = {
        crc32: 'y/Q5Jg==',
        crc32c: '4waSgw==',
        crc64nvme: 'rosUhgp5mIg=',
        sha1: createHash('sha1').update('123456789').digest('base64'),
        sha256: createHash('sha256').update('123456789').digest('base64'),
      }
      const { bytes, verified } = await upload('123456789', { checksum: name })
      expect(bytes.toString()).toContain(`x-amz-checksum-${name}:${known[name]}\r\n`)
      const told: unknown[] = []
      await decode(bytes, verified, { onTrailer: (fields) => told.push(fields) })
      expect(told).toEqual([{ [`x-amz-checksum-${name}`]: known[name] }])
    },
  )

  it('the web backend gives the same bytes', async () => {
    const other = await upload(inPieces(noise(70_000), [3]), { crypto: web, checksum: 'crc32' })
    const one = await upload(inPieces(noise(70_000), []), { checksum: 'crc32' })
    expect(other.bytes.equals(one.bytes)).toBe(true)
    const back = await decode(other.bytes, other.verified, { crypto: web })
    expect([back.code, back.bytes.equals(noise(70_000))]).toEqual([undefined, true])
  })

  it.each<[string, Partial<EncodeOptions>, string]>([
    ['chunks below 8 KiB', { chunkSize: 8191 }, 'invalid-options'],
    ['half a byte', { chunkSize: 8192.5 }, 'invalid-options'],
    ['a negative length', { decodedLength: -1 }, 'invalid-options'],
    ['no length', { decodedLength: Number.NaN }, 'invalid-options'],
    ['a checksum that nobody supplies', { checksum: 'sha512' }, 'unknown-checksum'],
    ['a checksum by an inherited name', { checksum: 'constructor' }, 'unknown-checksum'],
    [
      'a trailer without a checksum',
      { payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      'invalid-payload',
    ],
    [
      'a checksum without a trailer',
      { payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', checksum: 'sha256' },
      'invalid-payload',
    ],
    [
      "another algorithm's word",
      { payload: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' },
      'invalid-payload',
    ],
    ['another word', { payload: 'UNSIGNED-PAYLOAD' as never }, 'invalid-payload'],
    ['an algorithm without chunks', { algorithm: { ...sigv4a, name: 'X' } }, 'invalid-payload'],
    ['no region', { region: '' }, 'invalid-scope'],
    ['no secret', { credentials: { ...credentials, secretAccessKey: '' } }, 'invalid-credentials'],
  ])('%s is a typed error', async (_, more, code) => {
    await expect(encode('x', more)).rejects.toMatchObject({ name: 'CountersignError', code })
  })

  it.each([
    ['shorter', 9],
    ['longer', 11],
  ])('a source %s than it was said to be fails, and is cancelled', async (_, size) => {
    let ended = false
    async function* source() {
      try {
        yield noise(size)
        yield noise(0)
      } finally {
        ended = true
      }
    }
    const { body } = await encode(source(), { decodedLength: 10 })
    await expect(read(body)).rejects.toMatchObject({ code: 'length-mismatch' })
    expect(ended).toBe(true)
  })

  it('what a source fails with is passed on', async () => {
    async function* source() {
      yield noise(10)
      throw new RangeError('the disk')
    }
    await expect(read((await encode(source())).body)).rejects.toThrow('the disk')
    const wrong = Readable.from(['text'])
    await expect(read((await encode(wrong)).body)).rejects.toMatchObject({ code: 'invalid-body' })
    const none = { length: 1 } as unknown as ByteSource
    await expect(encode(none)).rejects.toMatchObject({ code: 'invalid-body' })
  })

  it('keeps no secret where it can be seen', async () => {
    const { signed } = await upload('x')
    expect(JSON.stringify(signed)).not.toContain(credentials.secretAccessKey)
  })

  it('signs what the header says, not what a header claims already', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-trailer': 'x' }
    const signed = await encodeChunked({ url, headers }, 'x', options)
    expect(signed.headers['x-amz-content-sha256']).toBe('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
    expect(signed.headers).not.toHaveProperty('x-amz-trailer')
    expect((await received(signed.headers)).payload).toBe('streaming')
  })
})

it("Node's own crc32 gives the same bytes as the package's", async () => {
  // As the documentation of Checksum shows it.
  function startCrc32(): Checksum {
    let value = 0
    return {
      update(bytes) {
        value = crc32(bytes, value)
      },
      digest: () => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value),
    }
  }
  const native = { ...checksums, crc32: startCrc32 }
  const one = await upload(noise(70_000), { checksum: 'crc32', checksums: native })
  const other = await upload(noise(70_000), { checksum: 'crc32' })
  expect(one.bytes.equals(other.bytes)).toBe(true)
  expect((await decode(one.bytes, one.verified, { checksums: native })).code).toBeUndefined()
})

it('a checksum may be any that keeps the interface', async () => {
  const sum = () => {
    let total = 0
    return {
      update(bytes: Uint8Array) {
        for (const byte of bytes) total = (total + byte) & 255
      },
      digest: () => Uint8Array.of(total),
    }
  }
  const mine = { ...checksums, sum }
  const { bytes, verified } = await upload('abc', { checksum: 'sum', checksums: mine })
  expect(bytes.toString()).toContain('x-amz-checksum-sum:Jg==\r\n')
  expect((await decode(bytes, verified, { checksums: mine })).code).toBeUndefined()
  expect((await decode(bytes, verified)).code).toBe('unknown-checksum')
})
