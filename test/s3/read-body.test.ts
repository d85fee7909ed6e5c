import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CountersignError,
  type Credentials,
  presign,
  sign,
  type Verified,
  type VerifyOptions,
  verify,
} from 'countersign'
import {
  type BodyFaultCode,
  type ByteSource,
  encodeChunked,
  isBodyFault,
  type ReadBodyOptions,
  readBody,
} from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { backend as node } from '../../src/crypto/node.ts'
import { backend as web } from '../../src/crypto/web.ts'
import { startChain } from '../../src/s3/chain.ts'
import { credentials, inPieces, MODES, noise, now, read } from './support.ts'

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const body = noise(20_000)
const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
const signing = { service: 's3', region: 'eu-west-1', credentials, signingDate: now }

type Headers = Readonly<Record<string, string>>

/** A request that is let in, and its body as it comes over the wire. */
interface Arrived {
  readonly verified: Verified
  readonly wire: Uint8Array
}

async function letIn(
  request: { method: string; url: string; headers: Headers; body?: Uint8Array },
  more: Partial<VerifyOptions> = {},
): Promise<Verified> {
  const lookup = (): Credentials => credentials
  const result = await verify(request, { service: 's3', now, credentials: lookup, ...more })
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`)
  return result
}

const whole =
  (payload: 'hash' | 'deferred', word?: string, method = 'PUT', target = url) =>
  async (headers: Headers, bytes: Uint8Array = body): Promise<Arrived> => {
    const request = { method, url: target, headers, body: bytes }
    const signed = await sign(request, { ...signing, payload: word })
    const received = { method, url: target, headers: signed.headers }
    const verified = await letIn(payload === 'hash' ? { ...received, body: bytes } : received, {
      payload,
    })
    return { verified, wire: bytes }
  }

const presigned = async (headers: Headers, bytes: Uint8Array = body): Promise<Arrived> => {
  const signed = await presign({ method: 'PUT', url, headers }, signing)
  const received = {
    method: 'PUT',
    url: signed.url,
    headers: { host: new URL(url).host, ...headers },
  }
  return { verified: await letIn(received), wire: bytes }
}

const chunked =
  (word: string) =>
  async (headers: Headers, bytes: Uint8Array = body): Promise<Arrived> => {
    const more = new Map(MODES).get(word)
    const signed = await encodeChunked({ url, headers }, bytes, {
      ...{ credentials, region: 'eu-west-1', signingDate: now, chunkSize: 8192 },
      ...more,
    })
    const received = { method: 'PUT', url, headers: signed.headers }
    const verified = await letIn(received, { algorithm: more?.algorithm })
    return { verified, wire: await read(signed.body) }
  }

/** Unsigned chunks of one's own, framed by hand. */
async function byHand(headers: Headers, frames: string): Promise<Arrived> {
  const signed = await sign(
    { method: 'PUT', url, headers },
    { ...signing, payload: UNSIGNED_CHUNKS },
  )
  const verified = await letIn({ method: 'PUT', url, headers: signed.headers })
  return { verified, wire: Buffer.from(frames) }
}

const algorithms = MODES.flatMap(([, { algorithm }]) => algorithm ?? []).slice(0, 1)

/** What comes through, and what it fails with. */
async function readAll(source: ByteSource, verified: Verified, options: ReadBodyOptions = {}) {
  const parts: Uint8Array[] = []
  try {
    const stream = readBody(source, verified, { algorithm: [sigv4, ...algorithms], ...options })
    for await (const part of stream as AsyncIterable<Uint8Array>) parts.push(part)
    return { bytes: Buffer.concat(parts), code: undefined, error: undefined }
  } catch (error) {
    const { code = String(error) } = error as { code?: string }
    return { bytes: Buffer.concat(parts), code, error }
  }
}

/** Every kind of payload, by what the faults below are told as. */
const KINDS: readonly (readonly [
  kind: string,
  group: keyof Expected,
  arrive: (headers: Headers, bytes?: Uint8Array) => Promise<Arrived>,
])[] = [
  ['a hash', 'hashed', whole('hash')],
  ['a deferred hash', 'hashed', whole('deferred')],
  ['UNSIGNED-PAYLOAD', 'unsigned', whole('hash', 'UNSIGNED-PAYLOAD')],
  ['a presigned URL', 'unsigned', presigned],
  ...MODES.map(
    ([word]) =>
      [
        word,
        word === UNSIGNED_CHUNKS ? 'loose' : word.endsWith('-TRAILER') ? 'trailing' : 'chunks',
        chunked(word),
      ] as const,
  ),
]

/** What a fault is told as where the body is hashed, unsigned, in signed chunks, with a trailer, in unsigned chunks. */
interface Expected {
  readonly hashed: BodyFaultCode | undefined
  readonly unsigned: BodyFaultCode | undefined
  readonly chunks: BodyFaultCode | undefined
  readonly trailing: BodyFaultCode | undefined
  readonly loose: BodyFaultCode | undefined
}

const all = (code: BodyFaultCode | undefined): Expected => ({
  ...{ hashed: code, unsigned: code, chunks: code, trailing: code, loose: code },
})

interface Fault {
  readonly headers?: Headers
  readonly options?: ReadBodyOptions
  readonly alter?: (wire: Uint8Array) => Uint8Array
}

const digest = (name: string, bytes: Uint8Array): string =>
  createHash(name).update(bytes).digest('base64')
const other = noise(20_000, 7)
const framed = (code: BodyFaultCode): Partial<Expected> => ({
  ...{ hashed: 'payload-mismatch', unsigned: undefined },
  ...{ chunks: code, trailing: code, loose: code },
})
// With a checksum in the trailer, one in the header is a second one.
const second: Partial<Expected> = { trailing: 'invalid-checksum', loose: 'invalid-checksum' }

const FAULTS: readonly (readonly [name: string, fault: Fault, expected: Expected])[] = [
  ['nothing wrong', {}, all(undefined)],
  [
    'a changed byte',
    { alter: (wire) => Buffer.from(wire).fill(wire[1000] === 1 ? 2 : 1, 1000, 1001) },
    {
      ...all(undefined),
      ...framed('chunk-mismatch'),
      loose: 'checksum-mismatch',
    },
  ],
  [
    'a cut body',
    { alter: (wire) => wire.subarray(0, -1) },
    { ...all(undefined), ...framed('invalid-chunk') },
  ],
  ['no body', { alter: () => new Uint8Array() }, { ...all(undefined), ...framed('invalid-chunk') }],
  [
    'bytes behind it',
    { alter: (wire) => Buffer.concat([wire, Buffer.from('bytes')]) },
    { ...all(undefined), ...framed('invalid-chunk') },
  ],
  [
    'the right checksum in the header',
    { headers: { 'x-amz-checksum-sha1': digest('sha1', body) } },
    { ...all(undefined), ...second },
  ],
  [
    'the checksum of another body',
    { headers: { 'x-amz-checksum-sha1': digest('sha1', other) } },
    { ...all('checksum-mismatch'), ...second },
  ],
  [
    'a checksum that is none',
    { headers: { 'x-amz-checksum-sha1': 'invalid' } },
    all('invalid-checksum'),
  ],
  [
    'a checksum with another length',
    { headers: { 'x-amz-checksum-sha1': digest('md5', body) } },
    all('invalid-checksum'),
  ],
  [
    'a checksum that nobody knows',
    { headers: { 'x-amz-checksum-sha3': digest('sha1', body) } },
    { ...all('unknown-checksum'), ...second },
  ],
  [
    'two checksums',
    {
      headers: {
        'x-amz-checksum-sha1': digest('sha1', body),
        'x-amz-checksum-sha256': digest('sha256', body),
      },
    },
    all('invalid-checksum'),
  ],
  [
    'what is said of a checksum',
    {
      headers: {
        'x-amz-checksum-algorithm': 'SHA1',
        'x-amz-checksum-type': 'FULL_OBJECT',
        'x-amz-checksum-mode': 'ENABLED',
        'x-amz-sdk-checksum-algorithm': 'SHA1',
      },
    },
    all(undefined),
  ],
  ['the right MD5', { headers: { 'content-md5': digest('md5', body) } }, all(undefined)],
  [
    'the MD5 of another body',
    { headers: { 'content-md5': digest('md5', other) } },
    all('checksum-mismatch'),
  ],
  ['an MD5 in hex', { headers: { 'content-md5': 'a'.repeat(32) } }, all('invalid-checksum')],
  ['just as many bytes', { options: { maxLength: 20_000 } }, all(undefined)],
  ['a byte too many', { options: { maxLength: 19_999 } }, all('body-limit')],
]

describe('readBody', () => {
  it('tells no trailer of a body that is not as was stated', async () => {
    const told: unknown[] = []
    const onTrailer = (fields: unknown) => told.push(fields)
    for (const [content, code] of [
      [body, undefined],
      [other, 'checksum-mismatch'],
    ] as const) {
      const headers = { 'content-md5': digest('md5', content) }
      const { wire, verified } = await chunked(UNSIGNED_CHUNKS)(headers)
      expect((await readAll(wire, verified, { onTrailer })).code).toBe(code)
    }
    expect(told).toHaveLength(1)
  })

  describe.each(KINDS)('of %s', (_kind, group, arrive) => {
    it.each(FAULTS)('%s', async (_name, { headers = {}, options, alter }, expected) => {
      const { verified, wire } = await arrive(headers)
      const sent = alter?.(wire) ?? wire
      const back = await readAll(sent, verified, options)
      expect(back.code).toBe(expected[group])
      if (expected[group] === undefined)
        expect(back.bytes.equals(wire === body ? sent : body)).toBe(true)
      else expect(isBodyFault(back.error)).toBe(true)
      // The same, however the bytes are cut.
      const cuts = [...Array(200).keys()].map((part) => part * 97)
      expect((await readAll(inPieces(sent, cuts), verified, options)).code).toBe(expected[group])
    })
  })

  describe('of chunks', () => {
    const length = { 'x-amz-decoded-content-length': '5' }
    const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' }
    const crc32 = 'NhCmhg=='

    it.each<[string, BodyFaultCode | undefined, Headers, string, ReadBodyOptions?]>([
      [
        'a trailer',
        undefined,
        { ...length, ...trailer },
        `0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`,
      ],
      [
        'a trailing MD5, as the SDK sends it',
        undefined,
        { ...length, 'x-amz-trailer': 'content-md5' },
        '0\r\ncontent-md5:XUFAKrxLKna5cZ2REBfFkg==\r\n\r\n',
      ],
      [
        'a trailing MD5 of another body',
        'checksum-mismatch',
        { ...length, 'x-amz-trailer': 'content-md5' },
        '0\r\ncontent-md5:XUFAKrxLKna5cZ2REBfFkw==\r\n\r\n',
      ],
      ['no trailer, and none announced', undefined, length, '0\r\n\r\n'],
      ['no trailer, and one announced', 'trailer-mismatch', { ...length, ...trailer }, '0\r\n\r\n'],
      [
        'one that is not announced',
        'trailer-mismatch',
        length,
        `0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`,
      ],
      [
        'another than is announced',
        'trailer-mismatch',
        { ...length, ...trailer },
        `0\r\nx-amz-checksum-sha1:${crc32}\r\n\r\n`,
      ],
      [
        'one that is no checksum',
        'invalid-checksum',
        { ...length, ...trailer },
        '0\r\nx-amz-checksum-crc32:invalid\r\n\r\n',
      ],
      [
        'one of another body',
        'checksum-mismatch',
        { ...length, ...trailer },
        '0\r\nx-amz-checksum-crc32:NhCmhA==\r\n\r\n',
      ],
      [
        'one that nobody knows',
        'unknown-checksum',
        { ...length, 'x-amz-trailer': 'x-amz-checksum-sha3' },
        '0\r\nx-amz-checksum-sha3:NhCmhg==\r\n\r\n',
      ],
      [
        'two checksums',
        'invalid-checksum',
        { ...length, 'x-amz-trailer': 'x-amz-checksum-crc32,x-amz-checksum-crc32c' },
        '0\r\n\r\n',
      ],
      ['no length', 'missing-length', {}, '0\r\n\r\n'],
      [
        'a length that is none',
        'missing-length',
        { 'x-amz-decoded-content-length': '5x' },
        '0\r\n\r\n',
      ],
      [
        'a length that is less',
        'length-mismatch',
        { 'x-amz-decoded-content-length': '4' },
        '0\r\n\r\n',
      ],
      [
        'a length that is more',
        'length-mismatch',
        { 'x-amz-decoded-content-length': '6' },
        '0\r\n\r\n',
      ],
      ['an end that is cut', 'invalid-chunk', length, '0\r\n'],
      ['a long line', 'chunk-limit', length, `${'0'.repeat(2000)}\r\n`],
      ['a length beyond the limit', 'body-limit', length, '0\r\n\r\n', { maxLength: 4 }],
    ])('%s: %s', async (_name, code, headers, end, options) => {
      const { verified, wire } = await byHand(headers, `5\r\nhello\r\n${end}`)
      const back = await readAll(wire, verified, options)
      expect(back.code).toBe(code)
      if (code === undefined) expect(back.bytes.toString()).toBe('hello')
    })

    it('one under 8 KiB that is not the last is refused as S3 does, where that is asked for', async () => {
      const sizes = [8192, 100, 8192]
      const frames = sizes.map((size) => `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`)
      const headers = { 'x-amz-decoded-content-length': `${8192 + 100 + 8192}` }
      const { verified, wire } = await byHand(headers, `${frames.join('')}0\r\n\r\n`)
      expect((await readAll(wire, verified)).code).toBeUndefined()
      expect((await readAll(wire, verified, { chunkSizes: 'any' })).code).toBeUndefined()
      const refused = await readAll(wire, verified, { chunkSizes: 's3' })
      expect([refused.code, refused.bytes.length]).toEqual(['small-chunk', 8292])
      const last = await byHand(
        { 'x-amz-decoded-content-length': '8292' },
        `${frames.slice(0, 2).join('')}0\r\n\r\n`,
      )
      expect((await readAll(last.wire, last.verified, { chunkSizes: 's3' })).code).toBeUndefined()
    })

    it('a signed one is refused so too', async () => {
      const headers = { 'x-amz-decoded-content-length': '10' }
      const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
      const signed = await sign({ method: 'PUT', url, headers }, { ...signing, payload })
      const verified = await letIn({ method: 'PUT', url, headers: signed.headers })
      const key = await sigv4.deriveKey(credentials, verified.trace.credentialScope, node)
      const chain = startChain(verified.trace, sigv4, key, node)
      const frames: string[] = []
      for (const text of ['hello', 'hello', '']) {
        const signature = await chain.signChunk(text ? [Buffer.from(text)] : [])
        frames.push(`${text.length};chunk-signature=${signature}\r\n${text}\r\n`)
      }
      const wire = Buffer.from(frames.join(''))
      expect((await readAll(wire, verified)).code).toBeUndefined()
      expect((await readAll(wire, verified, { chunkSizes: 's3' })).code).toBe('small-chunk')
    })
  })

  it('a captured request without a body does not open to another body', async () => {
    const { verified } = await whole('hash')({}, new Uint8Array())
    expect(await readAll(body, verified)).toMatchObject({ code: 'payload-mismatch' })
  })

  it('where an upload is completed, the checksum is that of the object', async () => {
    const crc = { 'x-amz-checksum-crc32': 'NhCmhg==' }
    const complete = whole('deferred', undefined, 'POST', `${url}?uploadId=id`)
    const { verified } = await complete({ ...crc, 'content-md5': digest('md5', body) })
    expect((await readAll(body, verified)).code).toBeUndefined()
    const wrong = await complete({ ...crc, 'content-md5': digest('md5', other) })
    expect((await readAll(body, wrong.verified)).code).toBe('checksum-mismatch')
    const part = whole('deferred', undefined, 'PUT', `${url}?partNumber=1&uploadId=id`)
    expect((await readAll(body, (await part(crc)).verified)).code).toBe('checksum-mismatch')
    const remove = whole('deferred', undefined, 'POST', `${url}?delete`)
    expect((await readAll(body, (await remove(crc)).verified)).code).toBe('checksum-mismatch')
  })

  it('what is not signed of the header counts where it is passed', async () => {
    const { verified } = await presigned({})
    const headers = { 'Content-MD5': digest('md5', other), ':method': 'PUT' }
    expect((await readAll(body, verified)).code).toBeUndefined()
    expect((await readAll(body, verified, { headers })).code).toBe('checksum-mismatch')
    const right = [['content-md5', digest('md5', body)]] as const
    expect((await readAll(body, verified, { headers: right })).code).toBeUndefined()
  })

  it('reads no byte of what is announced to be too long', async () => {
    const { verified } = await presigned({})
    let asked = false
    async function* source() {
      asked = true
      yield body
    }
    const headers = { 'content-length': '20000' }
    expect((await readAll(source(), verified, { headers, maxLength: 19_999 })).code).toBe(
      'body-limit',
    )
    expect(asked).toBe(false)
  })

  it('leaves the source as it is at a fault, and cancels it with itself', async () => {
    const { verified } = await whole('deferred')({})
    const long = Readable.from([body, body])
    expect((await readAll(long, verified, { maxLength: 10 })).code).toBe('body-limit')
    const unknown = await whole('deferred')({ 'x-amz-checksum-sha3': 'none' })
    const unread = Readable.from([body])
    expect((await readAll(unread, unknown.verified)).code).toBe('unknown-checksum')
    expect([long.destroyed, unread.destroyed]).toEqual([false, false])
    const cancelled = Readable.from([body])
    await (readBody(cancelled, verified) as ReadableStream).cancel()
    expect(cancelled.destroyed).toBe(true)
  })

  it('passes on what the source fails with, and refuses what are no bytes', async () => {
    const { verified } = await presigned({})
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    expect((await readAll(broken, verified)).code).toBe('Error: gone')
    const { code } = await readAll(Readable.from(['text']), verified)
    expect(code).toBe('invalid-body')
  })

  it('fails where a body is one of events', async () => {
    const { verified } = await whole('hash', undefined)({})
    const trace = {
      ...verified.trace,
      canonicalRequest: verified.trace.canonicalRequest.replace(
        /\w+$/,
        'STREAMING-AWS4-HMAC-SHA256-EVENTS',
      ),
    }
    const { code, error } = await readAll(body, { trace, credentials } as never)
    expect([code, isBodyFault(error)]).toEqual(['invalid-payload', false])
  })

  it.each([
    'XUNSIGNED-PAYLOAD',
    'UNSIGNED-PAYLOADX',
    `x${'a'.repeat(64)}`,
    `${'a'.repeat(65)}`,
    '',
  ])('fails where what was signed of a body is %j', async (word) => {
    const { verified } = await presigned({})
    const canonicalRequest = verified.trace.canonicalRequest.replace(/[^\n]+$/, word)
    const trace = { ...verified.trace, canonicalRequest }
    expect(await readAll(body, { trace, credentials } as never)).toMatchObject({
      code: 'invalid-payload',
    })
  })

  it('may have no byte where none may be', async () => {
    const { verified } = await presigned({})
    expect((await readAll('', verified, { maxLength: 0 })).code).toBeUndefined()
    expect((await readAll('a', verified, { maxLength: 0 })).code).toBe('body-limit')
  })

  it.each<[string, ReadBodyOptions]>([
    ['chunkSizes', { chunkSizes: 'S3' as never }],
    ['maxLength', { maxLength: Number.NaN }],
    ['maxLength', { maxLength: -1 }],
  ])('a wrong %s is a typed error', async (_name, options) => {
    const { verified } = await presigned({})
    expect(() => readBody(body, verified, options)).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    )
  })
})

describe('the checksums that are built in', () => {
  // RFC 3720, RFC 1321, FIPS 180 and the catalogue of CRCs give these of the nine digits.
  const KNOWN = [
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['md5', '25f9e794323b453885f5181f1b624d0b'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const
  const { checksumStream: _, ...bare } = node

  describe.each([
    ['Node', node],
    ['a platform that has none', web],
    ['a Node of which one is taken away', bare],
  ])('of %s', (_platform, crypto) => {
    it.each(KNOWN)('%s', async (name, hex) => {
      const digits = Buffer.from('123456789')
      const value = Buffer.from(hex, 'hex').toString('base64')
      const { verified } = await presigned({ [`x-amz-checksum-${name}`]: value })
      expect((await readAll(digits, verified, { crypto })).code).toBeUndefined()
      expect(
        (await readAll(inPieces(digits, [1, 3, 8]), verified, { crypto })).code,
      ).toBeUndefined()
      const { code } = await readAll(Buffer.from('123456780'), verified, { crypto })
      expect(code).toBe('checksum-mismatch')
    })
  })

  it.each(KNOWN)('%s is the same of a long body, by Node and in JavaScript', async (name) => {
    const trailing = async (crypto: typeof web) => {
      const options = { credentials, region: 'eu-west-1', signingDate: now, checksum: name, crypto }
      const source = inPieces(body, [1, 7, 8, 9, 1000, 1001])
      const { body: frames } = await encodeChunked({ url }, source, options)
      return (await read(frames)).toString('latin1').slice(-200)
    }
    expect(await trailing(web)).toBe(await trailing(node))
  })

  it('are those of the caller where it has its own', async () => {
    const { verified } = await presigned({ 'x-amz-checksum-crc32': 'AAAA' })
    const checksums = { crc32: () => ({ update() {}, digest: () => new Uint8Array(3) }) }
    expect((await readAll(body, verified, { checksums })).code).toBeUndefined()
  })
})

describe('isBodyFault', () => {
  it('tells a fault of a body from other errors', () => {
    expect(isBodyFault(new CountersignError('payload-mismatch', 'it differs.'))).toBe(true)
    expect(isBodyFault(new CountersignError('invalid-url', 'it differs.'))).toBe(false)
    expect(isBodyFault(new CountersignError('toString' as never, 'it differs.'))).toBe(false)
    expect(isBodyFault(Object.assign(new Error('gone'), { code: 'payload-mismatch' }))).toBe(false)
    expect(isBodyFault(undefined)).toBe(false)
    expect(isBodyFault('payload-mismatch')).toBe(false)
  })
})
