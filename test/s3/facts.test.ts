import { describe, expect, it } from 'vitest'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { backend as node } from '../../src/crypto/node.ts'
import { backend as web } from '../../src/crypto/web.ts'
import { statementsOf } from '../../src/s3/body-statements.ts'
import { startChain } from '../../src/s3/chain.ts'
import { checksumOf, startChecksum, startStated } from '../../src/s3/checksums.ts'
import { decodedLength, formatMode, parseMode, signedFacts } from '../../src/s3/modes.ts'
import { hexOf, hmac, sha256 } from '../support/hash.ts'

const EMPTY = sha256('')

describe('a payload word of aws-chunked', () => {
  it.each([
    ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', undefined, true],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'AWS4-HMAC-SHA256', false],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'AWS4-HMAC-SHA256', true],
    ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 'AWS4-ECDSA-P256-SHA256', false],
    ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER', 'AWS4-ECDSA-P256-SHA256', true],
  ])('%s says who signs what', (word, algorithm, trailer) => {
    expect(parseMode(word)).toEqual({ algorithm, trailer })
    expect(formatMode({ algorithm, trailer })).toBe(word)
  })

  it.each([
    ...['', 'UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD', EMPTY],
    'STREAMING-AWS4-HMAC-SHA256-EVENTS',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILERS',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-',
    'STREAMING-AWS4-HMAC-SHA512-PAYLOAD',
    'A-STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'streaming-aws4-hmac-sha256-payload',
  ])('%j is none', (word) => expect(parseMode(word)).toBeUndefined())
})

describe('what a canonical request says of the body', () => {
  const of = (method: string, query: string) =>
    signedFacts({
      canonicalRequest: [
        ...[method, '/key', query, 'host:a.b:8080', 'x-amz-trailer:', 'x-odd:a:b', ''],
        ...['host;x-amz-trailer;x-odd', 'WORD'],
      ].join('\n'),
    })

  it('are its fields and its last line', () =>
    expect(of('PUT', '')).toEqual({
      payload: 'WORD',
      fields: { host: 'a.b:8080', 'x-amz-trailer': '', 'x-odd': 'a:b' },
      completesUpload: false,
    }))

  it.each([
    ['POST', 'uploadId=a', true],
    ['POST', 'a=b&uploadId=a', true],
    ['POST', 'xuploadId=a', false],
    ['POST', 'uploads=', false],
    ['POST', '', false],
    ['PUT', 'uploadId=a', false],
  ])('%s ?%s completes an upload: %s', (method, query, completes) =>
    expect(of(method, query).completesUpload).toBe(completes),
  )

  it.each([
    ['0', 0],
    ['12', 12],
    ['999999999999999', 999999999999999],
    ['1000000000000000', undefined],
    ...['', '-1', '1.5', '1e3', '0x1', ' 1', '1 ', '1x', 'NaN'].map(
      (told) => [told, undefined] as const,
    ),
  ] as const)('a decoded length of %j is %s', (told, length) =>
    expect(decodedLength({ 'x-amz-decoded-content-length': told })).toBe(length),
  )

  it('is no length where there is none', () => expect(decodedLength({})).toBeUndefined())
})

describe('the running signature of a body', () => {
  const DATE = '20150830T123600Z'
  const SCOPE = '20150830/eu-west-1/s3/aws4_request'
  const seed = 'a'.repeat(64)
  const trace = { stringToSign: `AWS4-HMAC-SHA256\n${DATE}\n${SCOPE}\n${EMPTY}`, signature: seed }
  const key = new Uint8Array(32).fill(7)
  const of = (crypto: typeof web = node) => startChain(trace, sigv4, key, crypto)
  const link = (previous: string, body: string) =>
    hexOf(
      hmac(
        key,
        ['AWS4-HMAC-SHA256-PAYLOAD', DATE, SCOPE, previous, EMPTY, sha256(body)].join('\n'),
      ),
    )
  const first = link(seed, 'hello')
  const last = link(first, '')
  const trailer = hexOf(
    hmac(key, ['AWS4-HMAC-SHA256-TRAILER', DATE, SCOPE, last, sha256('a:1\n')].join('\n')),
  )
  const pieces = (...texts: string[]) => texts.map((text) => new Uint8Array(Buffer.from(text)))

  const { sha256Stream: _, ...bare } = node
  it.each([
    ['Node', node],
    ['WebCrypto', web],
    ['a platform that hashes no streams', bare],
  ])('is made and checked with %s, each link by the one before', async (_, crypto) => {
    for (const hello of [pieces('hello'), pieces('he', 'l', 'lo')]) {
      const made = of(crypto)
      expect(await made.signChunk(hello)).toBe(first)
      expect(await made.signChunk([])).toBe(last)
      expect(await made.signTrailer('a:1\n')).toBe(trailer)
      const checked = of(crypto)
      expect(await checked.holdsChunk(hello, first)).toBe(true)
      expect(await checked.holdsChunk([], last)).toBe(true)
      expect(await checked.holdsTrailer('a:1\n', trailer)).toBe(true)
    }
  })

  it('holds no other bytes, no link twice, and none of another kind', async () => {
    expect(await of().holdsChunk(pieces('hello!'), first)).toBe(false)
    expect(await of().holdsChunk([], first)).toBe(false)
    expect(await of().holdsTrailer('hello', first)).toBe(false)
    const again = of()
    expect(await again.holdsChunk(pieces('hello'), first)).toBe(true)
    expect(await again.holdsChunk(pieces('hello'), first)).toBe(false)
  })

  it('has no link that is no signature, whoever compares them', async () => {
    const asked: string[] = []
    const lax = {
      ...sigv4,
      signatureForm: /^a+$/,
      verify: (_: unknown, __: unknown, signature: string) => {
        asked.push(signature)
        return true
      },
    } as never
    const chain = () => startChain(trace, lax, key, node)
    expect(await chain().holdsChunk([], 'b')).toBe(false)
    expect(await chain().holdsTrailer('', 'b')).toBe(false)
    expect(asked).toEqual([])
    expect(await chain().holdsChunk([], 'aa')).toBe(true)
  })
})

describe('a field that holds a checksum', () => {
  it.each([
    ['content-md5', 'md5'],
    ['x-amz-checksum-crc32', 'crc32'],
    ['x-amz-checksum-crc64nvme', 'crc64nvme'],
    ['x-amz-checksum-algorithms', 'algorithms'],
    ['x-amz-checksum-mytype', 'mytype'],
    ...[
      ...['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'],
      ...['x-amz-checksum-', 'x-amz-checksum', 'x-amz-checksum-sha-1', 'a', 'content-md5s'],
      ...['my-x-amz-checksum-crc32', 'x-amz-checksum-SHA1', 'x-amz-sdk-checksum-algorithm'],
    ].map((field) => [field, undefined] as const),
  ] as const)('%s is one of %s', (field, name) => expect(checksumOf(field)).toBe(name))

  const sources = { checksums: {}, crypto: node }
  it.each(['toString', 'constructor', 'sha3', ''])('%j is built in by nobody', (name) =>
    expect(startChecksum(name, sources)).toBeUndefined(),
  )

  it.each([
    ['NhCmhg==', undefined],
    ['NhCmhA==', 'checksum-mismatch'],
    ['NhCmhg=', 'invalid-checksum'],
    ['NhCmhg===', 'invalid-checksum'],
    ['NhCmh_==', 'invalid-checksum'],
    ['', 'invalid-checksum'],
  ])('%j of hello: %s', async (value, code) => {
    const { update, check } = startStated('x-amz-checksum-crc32', 'crc32', sources, 'header')
    update(Buffer.from('hello'))
    const error = await check(value).then(
      () => undefined,
      (reason: { code?: string }) => reason,
    )
    expect(error?.code).toBe(code)
    if (code === 'invalid-checksum')
      expect(error).toMatchObject({
        about: { header: 'x-amz-checksum-crc32' },
        message: expect.stringMatching(/the value for x-amz-checksum-crc32 header is invalid/i),
      })
  })
})

describe('what a header states of a body', () => {
  const of = (payload: string, fields: Record<string, string>, completesUpload = false) =>
    statementsOf({ payload, fields, completesUpload }, fields, {
      checksums: { sha256: () => ({ update() {}, digest: () => new Uint8Array(32) }) },
      crypto: node,
    })
  const md5 = { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }
  const crc32 = { 'x-amz-checksum-crc32': 'NhCmhg==' }
  const sha1 = { 'x-amz-checksum-sha1': 'qvTGHdzF6KLavt4PO0gs2a6pQ00=' }
  const trailing = { 'x-amz-trailer': 'x-amz-checksum-sha1' }

  it.each<[string, string, Record<string, string>, number, boolean?]>([
    ['nothing', 'UNSIGNED-PAYLOAD', { host: 'a' }, 0],
    ['a hash', EMPTY, {}, 1],
    ['an MD5', 'UNSIGNED-PAYLOAD', md5, 1],
    ['a checksum', 'UNSIGNED-PAYLOAD', crc32, 1],
    ['all of them', EMPTY, { ...md5, ...crc32 }, 3],
    ['one in the trailer', 'UNSIGNED-PAYLOAD', trailing, 0],
    ['an MD5 beside one in the trailer', 'UNSIGNED-PAYLOAD', { ...md5, ...trailing }, 1],
    ['that of the object', EMPTY, crc32, 1, true],
    ['that of the object, and an MD5', EMPTY, { ...crc32, ...md5 }, 2, true],
    ['a hash in upper case', EMPTY.toUpperCase(), {}, 0],
    ['a hash that is too long', `${EMPTY}0`, {}, 0],
    ['a hash behind a blank', ` ${EMPTY}`, {}, 0],
  ])('%s', (_, payload, fields, count, completes) =>
    expect(of(payload, fields, completes)).toHaveLength(count),
  )

  it.each<[string, Record<string, string>]>([
    ['two checksums', { ...crc32, ...sha1 }],
    ['one there and one in the trailer', { ...crc32, ...trailing }],
    ['two in the trailer', { 'x-amz-trailer': 'x-amz-checksum-sha1,x-amz-checksum-crc32' }],
  ])('is no more than one: %s', (_, fields) =>
    expect(() => of('', fields)).toThrow(expect.objectContaining({ code: 'invalid-checksum' })),
  )

  it('is none that cannot be, and of a header', async () => {
    const [statement] = of('', { 'x-amz-checksum-crc32': 'none' })
    await expect(statement?.check()).rejects.toThrow(
      'the value for x-amz-checksum-crc32 header is invalid',
    )
  })

  it('is a hash that the platform makes, whatever the checksums of the caller are', async () => {
    const body = Buffer.from('hello')
    const [hash] = of(sha256('hello'), {})
    hash?.update(body)
    await expect(hash?.check()).resolves.toBeUndefined()
    const [other] = of(sha256('hello'), {})
    await expect(other?.check()).rejects.toMatchObject({ code: 'payload-mismatch' })
  })
})
