import { type DecodeOptions, decodeChunked } from 'countersign/s3'
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
  read,
  received,
  upload,
} from './support.ts'

/** Another text in the place of one, which must be there. */
const edit = (bytes: Buffer, from: string | RegExp, to: string): Buffer => {
  const text = bytes.toString('latin1')
  const other = text.replace(from, to)
  if (other === text) throw new Error(`${from} is not in the body`)
  return Buffer.from(other, 'latin1')
}

const CHUNK = 8192
const body = noise(9000)

/** Between any two bytes of the frames, and here and there in the chunks. */
const cutsOf = (bytes: Uint8Array) =>
  [...bytes.keys()].filter(
    (at) => at % 97 === 0 || at < 200 || (at > 8150 && at < 8450) || at > 8950,
  )

const signed = () => upload(body, { chunkSize: CHUNK })
const trailing = () => upload(body, { chunkSize: CHUNK, checksum: 'crc32' })
const unsigned = () =>
  upload(body, {
    ...{ chunkSize: CHUNK, checksum: 'crc32', payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
  })

describe('decodeChunked', () => {
  it.each<[string, string, () => ReturnType<typeof upload>, string | RegExp, string]>([
    ['no frames', 'invalid-chunk', signed, /^.*/s, 'hello'],
    ['nothing', 'invalid-chunk', signed, /^.*/s, ''],
    ['no signature', 'invalid-chunk', signed, /;chunk-signature=\w{64}/, ''],
    ['a short signature', 'chunk-mismatch', signed, /(=\w{63})\w/, '$1'],
    ['a long signature', 'invalid-chunk', signed, /(=\w{64})/, '$1a'],
    ['a padded signature', 'invalid-chunk', signed, /(=\w{64})/, '$1*'],
    ['a signature in upper case', 'chunk-mismatch', signed, /=[^\r]*/, `=${'A'.repeat(64)}`],
    ['no size', 'invalid-chunk', signed, /^\w+/, ''],
    ['a negative size', 'invalid-chunk', signed, /^/, '-'],
    ['a size in mixed case', 'invalid-chunk', signed, /^\w+/, 'aB'],
    ['a size beyond counting', 'invalid-chunk', signed, /^\w+/, 'f'.repeat(13)],
    ['an extension more', 'invalid-chunk', signed, /\r/, ';a=b\r'],
    ['a line that ends in LF', 'invalid-chunk', signed, '\r\n', '\n'],
    ['a line that ends in CR', 'invalid-chunk', signed, '\r\n', '\ra'],
    ['a long line', 'chunk-limit', signed, /^/, '0'.repeat(2000)],
    ['a larger chunk', 'length-mismatch', signed, /^2000/, '4000'],
    ['a smaller chunk', 'invalid-chunk', signed, /^2000/, '1fff'],
    ['the last chunk first', 'length-mismatch', signed, /^.*(?=0;chunk-sig)/s, ''],
    ['no last chunk', 'invalid-chunk', signed, /0;chunk-sig.*$/s, ''],
    ['no end of the last chunk', 'invalid-chunk', signed, /\r\n$/, ''],
    ['something after the end', 'invalid-chunk', signed, /$/, 'x'],
    ['a second end', 'invalid-chunk', signed, /$/, '\r\n'],
    ['a trailer where there is none', 'invalid-chunk', signed, /\r\n$/, 'a:b\r\n\r\n'],
    ['no trailer', 'trailer-mismatch', trailing, /x-amz-checksum.*$/s, '\r\n'],
    ['no trailer at all', 'invalid-chunk', trailing, /x-amz-checksum.*$/s, ''],
    ['another field', 'trailer-mismatch', trailing, /crc32:/, 'crc32c:'],
    ['a field more', 'trailer-mismatch', trailing, /x-amz-checksum/, 'a:b\r\nx-amz-checksum'],
    ['a field twice', 'trailer-mismatch', trailing, /(x-amz-checksum[^\n]*\n)/, '$1$1'],
    ['a field in upper case', 'invalid-chunk', trailing, 'x-amz-checksum', 'X-amz-checksum'],
    ['no field', 'trailer-mismatch', trailing, /x-amz-checksum[^\n]*\n/, ''],
    ['another checksum', 'trailer-mismatch', trailing, /(crc32:.)./, '$1_'],
    ['no trailer signature', 'invalid-chunk', trailing, /x-amz-trailer[^\n]*\n/, ''],
    ['a short trailer signature', 'trailer-mismatch', trailing, /(ture:\w{63})./, '$1'],
    ['no trailer signature in hex', 'trailer-mismatch', trailing, /(ture:)./, '$1g'],
    ['no line in the trailer', 'invalid-chunk', trailing, /x-amz-checksum-crc32:/, ''],
    ['a long trailer', 'chunk-limit', trailing, 'crc32:', `crc32:${'a'.repeat(9000)}`],
    ['no blank line', 'invalid-chunk', trailing, /\r\n$/, ''],
    ['something after the trailer', 'invalid-chunk', trailing, /$/, '\r\nx'],
    ['two ends', 'invalid-chunk', trailing, /$/, '\r\n\r\n'],
    ['a signature', 'invalid-chunk', unsigned, /\r/, `;chunk-signature=${'a'.repeat(64)}\r`],
    ['another checksum', 'checksum-mismatch', unsigned, /(crc32:.)./, '$1/'],
    ['no checksum', 'invalid-checksum', unsigned, /(crc32:.)./, '$1_'],
    ['a shorter checksum', 'invalid-checksum', unsigned, /(crc32:.{4})..../, '$1'],
    [
      'a signed trailer',
      'trailer-mismatch',
      unsigned,
      /\r\n$/,
      'x-amz-trailer-signature:a\r\n\r\n',
    ],
    ['no trailer', 'trailer-mismatch', unsigned, /x-amz-checksum.*$/s, '\r\n'],
  ])('%s: %s', async (_, code, made, from, to) => {
    const { bytes, verified } = await made()
    const other = edit(bytes, from, to)
    const whole = await decode(other, verified)
    expect(whole.code).toBe(code)
    const parts = await decode(inPieces(other, cutsOf(other)), verified)
    expect(parts.code).toBe(code)
    expect(parts.bytes.equals(whole.bytes)).toBe(true)
    expect(whole.bytes.equals(body.subarray(0, whole.bytes.length))).toBe(true)
  })

  it.each<[string, () => ReturnType<typeof upload>, string | RegExp, string]>([
    ['a newline before the CRLF, as minio-go sends it', trailing, /(crc32:.*?)\r/, '$1\n\r'],
    ['a CRLF after the trailer, as S3 documents it', trailing, /$/, '\r\n'],
    ['a CRLF before the trailer', unsigned, '\r\nx-amz', '\r\n\r\nx-amz'],
    ['a blank after the colon', unsigned, 'crc32:', 'crc32: '],
  ])('takes %s', async (_, made, from, to) => {
    const { bytes, verified } = await made()
    const { code, bytes: back } = await decode(edit(bytes, from, to), verified)
    expect([code, back.length]).toEqual([undefined, body.length])
  })

  it('takes a size in upper case, as .NET sends it', async () => {
    const { bytes, verified } = await upload(noise(0xabc))
    const { code, bytes: back } = await decode(edit(bytes, /^abc/, 'ABC'), verified)
    expect([code, back.length]).toEqual([undefined, 0xabc])
  })

  it.each<[string, DecodeOptions]>([
    ['maxChunkSize', { maxChunkSize: CHUNK - 1 }],
    ['maxLineSize', { maxLineSize: 84 }],
    ['maxTrailerSize', { maxTrailerSize: 20 }],
  ])('%s is held to', async (_, limits) => {
    const { bytes, verified } = await trailing()
    expect((await decode(bytes, verified, limits)).code).toBe('chunk-limit')
    const { maxChunkSize, maxLineSize, maxTrailerSize } = limits
    const enough = {
      maxChunkSize: maxChunkSize && CHUNK,
      maxLineSize: maxLineSize && 85,
      maxTrailerSize: maxTrailerSize && 130,
    }
    expect((await decode(bytes, verified, enough)).code).toBeUndefined()
  })

  it('an unsigned chunk may be of any size: it is handed on as it comes', async () => {
    const { bytes, verified } = await unsigned()
    expect((await decode(bytes, verified, { maxChunkSize: 10 })).code).toBeUndefined()
  })

  it('an unsigned body is handed on before its checksum refuses it', async () => {
    const { bytes, verified } = await unsigned()
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    const back = await decode(bytes, verified)
    expect([back.code, back.bytes.length]).toEqual(['checksum-mismatch', body.length])
  })

  it('a checksum that nobody supplies is refused before a byte is handed on', async () => {
    const { bytes, verified } = await upload(body, {
      checksum: 'sum',
      checksums: { sum: checksums.crc32 },
    })
    expect(await decode(bytes, verified)).toEqual({
      bytes: Buffer.alloc(0),
      code: 'unknown-checksum',
    })
  })

  it('what a body is comes from the signed headers', async () => {
    const { verified } = await signed()
    const request = (canonicalRequest: string) => ({
      credentials,
      trace: { ...verified.trace, canonicalRequest },
    })
    const canonical = verified.trace.canonicalRequest
    const other = (from: RegExp, to: string) => () =>
      decodeChunked('', request(canonical.replace(from, to)))
    const error = (code: string) => expect.objectContaining({ code })
    expect(other(/[^\n]+$/, 'UNSIGNED-PAYLOAD')).toThrow(error('invalid-payload'))
    expect(other(/[^\n]+$/, 'STREAMING-AWS4-HMAC-SHA256-EVENTS')).toThrow(error('invalid-payload'))
    expect(other(/HMAC-SHA256-PAYLOAD$/, 'ECDSA-P256-SHA256-PAYLOAD')).toThrow(
      error('invalid-payload'),
    )
    expect(() => decodeChunked('', { ...verified })).toThrow(error('invalid-credentials'))
    const twin = { ...verified.trace, stringToSign: 'AWS4-ECDSA-P256-SHA256\n' }
    const canonicalRequest = canonical.replace(/HMAC-SHA256(?=-PAYLOAD$)/, 'ECDSA-P256-SHA256')
    expect(() => decodeChunked('', { credentials, trace: { ...twin, canonicalRequest } })).toThrow(
      error('invalid-options'),
    )
  })

  it('a trailer must be announced, and a length be one', async () => {
    const { bytes, verified } = await trailing()
    const canonical = verified.trace.canonicalRequest
    const request = (canonicalRequest: string) =>
      Object.defineProperty(
        { ...verified, trace: { ...verified.trace, canonicalRequest } },
        'credentials',
        {
          value: credentials,
        },
      ) as typeof verified
    const silent = request(canonical.replace(/x-amz-trailer:.*\n/, ''))
    expect((await decode(bytes, silent)).code).toBe('trailer-mismatch')
    const endless = request(canonical.replace(/(content-length:)\d+/, '$1NaN'))
    expect((await decode(bytes, endless)).code).toBe('length-mismatch')
  })

  it('a length need not be announced', async () => {
    const { bytes, verified } = await trailing()
    const canonicalRequest = verified.trace.canonicalRequest.replace(/x-amz-decoded.*\n/, '')
    const silent = Object.defineProperty(
      { ...verified, trace: { ...verified.trace, canonicalRequest } },
      'credentials',
      { value: credentials },
    ) as typeof verified
    expect(await decode(bytes, silent)).toEqual({ bytes: Buffer.from(body), code: undefined })
  })

  it('a chunk does not hold where the platform answers late either', async () => {
    const { bytes, verified } = await signed()
    expect((await decode(bytes, verified, { crypto: web })).code).toBeUndefined()
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    expect(await decode(bytes, verified, { crypto: web })).toEqual({
      ...{ bytes: Buffer.alloc(0), code: 'chunk-mismatch' },
    })
  })

  it('the trailer is told once all of it holds, and where there is one', async () => {
    const told: object[] = []
    const onTrailer = (fields: object) => told.push(fields)
    for (const made of [signed, trailing, unsigned]) {
      const { bytes, verified } = await made()
      expect((await decode(bytes, verified, { onTrailer })).code).toBeUndefined()
      const other = edit(bytes, /.(?=.*$)/s, '!')
      expect((await decode(other, verified, { onTrailer })).code).toBeDefined()
    }
    const crc32 = { 'x-amz-checksum-crc32': expect.stringMatching(/^.{8}$/) }
    expect(told).toEqual([crc32, crc32])
  })

  it.each([{ chunkSizes: 'S3' }, { chunkSizes: '' }])('%j is a typed error', async (options) => {
    const { verified } = await signed()
    expect(() => decodeChunked('', verified, options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    )
  })

  it('of several algorithms takes the one of the chunks', async () => {
    const { bytes, verified } = await upload('x', { algorithm: sigv4a })
    const { sigv4 } = await import('../../src/algorithms/sigv4.ts')
    const algorithm = [sigv4, sigv4a]
    expect((await decode(bytes, verified, { algorithm })).code).toBeUndefined()
  })

  it('the last chunk is verified too', async () => {
    for (const [, more] of MODES.slice(0, 4)) {
      const { bytes, verified } = await upload('', more)
      const at = '0;chunk-signature='.length + 20
      bytes[at] = (bytes[at] ?? 0) ^ 1
      const { algorithm } = more
      expect((await decode(bytes, verified, { algorithm })).code).toMatch(/^(chunk-mis|invalid-)/)
    }
  })

  it('chunks of another upload do not fit, though the key is the same', async () => {
    const { verified } = await signed()
    const { bytes } = await upload(body, { signingDate: new Date('2015-08-30T12:36:01Z') })
    expect(await decode(bytes, verified)).toEqual({
      bytes: Buffer.alloc(0),
      code: 'chunk-mismatch',
    })
  })

  it('chunks that change places are refused', async () => {
    const { bytes, verified } = await upload(noise(3 * CHUNK), { chunkSize: CHUNK })
    const chunk = CHUNK + 4 + 17 + 64 + 4
    const other = Buffer.concat([
      ...[bytes.subarray(0, chunk), bytes.subarray(2 * chunk, 3 * chunk)],
      ...[bytes.subarray(chunk, 2 * chunk), bytes.subarray(3 * chunk)],
    ])
    const { code, bytes: back } = await decode(other, verified)
    expect([code, back.length]).toEqual(['chunk-mismatch', CHUNK])
  })

  it('no error tells a signature', async () => {
    const { bytes, verified } = await trailing()
    const stream = decodeChunked(edit(bytes, /(crc32:.)./, '$1_'), verified, { checksums })
    const error = await read(stream).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'CountersignError', code: 'trailer-mismatch' })
    expect(String(error)).not.toMatch(/[\da-f]{64}/)
  })

  it('no body at all is an early end', async () => {
    const { verified } = await signed()
    expect((await decode(null, verified)).code).toBe('invalid-chunk')
  })
})

it('the headers of a request are verified before its body is there', async () => {
  const { signed, bytes } = await trailing()
  const result = await received(signed.headers)
  expect(result.payload).toBe('streaming')
  expect((await decode(bytes, result)).bytes.equals(body)).toBe(true)
})
