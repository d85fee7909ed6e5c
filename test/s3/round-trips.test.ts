import { describe, expect, it } from 'vitest'
import { backend } from '../../src/crypto/node.ts'
import { concat } from '../../src/lib/bytes.ts'
import { byteBuffer } from '../../src/s3/byte-buffer.ts'
import {
  formatChunkHead,
  formatTrailer,
  framedLength,
  parseChunkHead,
  parseTrailerLine,
} from '../../src/s3/frame.ts'
import { formatMode, parseMode } from '../../src/s3/modes.ts'
import { gatherer } from '../../src/s3/pieces.ts'
import { fc } from '../support/properties.ts'
import { decode, inPieces, MODES, noise, upload } from './support.ts'

const CHUNK = 8192

/** An upload of any mode and size, and how its source and its body are split on the way. */
const uploads = fc.record({
  mode: fc.constantFrom(...MODES),
  size: fc.oneof(fc.nat(3), fc.nat(3 * CHUNK), fc.constantFrom(CHUNK - 1, CHUNK, CHUNK + 1)),
  seed: fc.nat(),
  source: fc.array(fc.nat(3 * CHUNK), { maxLength: 20 }),
  body: fc.array(fc.nat(4 * CHUNK), { maxLength: 60 }),
})

type Upload = typeof uploads extends fc.Arbitrary<infer One> ? One : never

async function made({ mode, size, seed, source }: Upload) {
  const plain = noise(size, seed)
  const cuts = source.filter((cut) => cut < size)
  const more = { ...mode[1], chunkSize: CHUNK, decodedLength: size }
  return { plain, algorithm: mode[1].algorithm, ...(await upload(inPieces(plain, cuts), more)) }
}

const within = (cuts: readonly number[], bytes: Uint8Array) =>
  cuts.filter((cut) => cut < bytes.length)

describe('what the encoder makes', () => {
  it('the decoder takes, wherever it is split', async () => {
    await fc.assert(
      fc.asyncProperty(uploads, async (one) => {
        const { plain, bytes, signed, verified, algorithm } = await made(one)
        expect(signed.headers['content-length']).toBe(String(bytes.length))
        const back = await decode(inPieces(bytes, within(one.body, bytes)), verified, { algorithm })
        expect(back.code).toBeUndefined()
        expect(back.bytes.equals(plain)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  /** A byte of an upload, and what of it is changed. */
  const flips = fc.record({ upload: uploads, at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })

  it('the decoder refuses with any byte changed, before a byte of that chunk is handed on', async () => {
    await fc.assert(
      fc.asyncProperty(flips, async ({ upload, at, mask }) => {
        const { plain, bytes, verified, algorithm } = await made(upload)
        const place = at % bytes.length
        const before = bytes[place] ?? 0
        const after = before ^ mask
        // A size may be written in upper case, and is the same number.
        const rest = bytes.subarray(place, place + 20).toString('latin1')
        fc.pre(mask !== 32 || !/^[a-f]\d*[;\r]/.test(rest))
        bytes[place] = after
        const split = inPieces(bytes, within(upload.body, bytes))
        const back = await decode(split, verified, { algorithm })
        expect(back.code).toEqual(expect.any(String))
        if (!upload.mode[0].includes('UNSIGNED')) {
          // Nothing but whole chunks, and those that stand before the changed byte.
          expect(back.bytes.length % CHUNK === 0 || back.bytes.length === plain.length).toBe(true)
          expect(back.bytes.length).toBeLessThanOrEqual(place)
          expect(back.bytes.equals(plain.subarray(0, back.bytes.length))).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('ends in the same error after the same bytes, wherever it is split', async () => {
    await fc.assert(
      fc.asyncProperty(flips, async ({ upload, at, mask }) => {
        const { bytes, verified, algorithm } = await made(upload)
        const place = at % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ mask
        const whole = await decode(bytes, verified, { algorithm })
        const split = await decode(inPieces(bytes, within(upload.body, bytes)), verified, {
          algorithm,
        })
        expect(split.code).toBe(whole.code)
        expect(split.bytes.equals(whole.bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('the decoder refuses cut short anywhere', async () => {
    for (const [, more] of MODES) {
      const { bytes, verified } = await upload(noise(3 * CHUNK, 7), { ...more, chunkSize: CHUNK })
      const { algorithm } = more
      const places = [...Array(250).keys()].flatMap((at) => [at, bytes.length - 1 - at])
      for (const place of places)
        expect((await decode(bytes.subarray(0, place), verified, { algorithm })).code).toEqual(
          expect.any(String),
        )
    }
  })
})

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })

describe('each pair', () => {
  it('formatChunkHead and parseChunkHead', () => {
    fc.assert(
      fc.property(fc.nat(), hex(64), fc.constantFrom(0, 64, 144), (size, digits, width) => {
        const head = { size, signature: width ? digits.join('') : undefined }
        const text = formatChunkHead(head, width)
        expect(text.endsWith('\r\n')).toBe(true)
        expect(parseChunkHead(text.slice(0, -2), width)).toEqual(head)
      }),
    )
  })

  it('formatTrailer and parseTrailerLine', () => {
    const fields = [
      ['x-amz-checksum-crc32', 'DUoRhQ=='],
      ['a', ''],
    ] as const
    const lines = formatTrailer(fields, 'ab', 4).split('\r\n')
    expect(lines.pop()).toBe('')
    const signature = ['x-amz-trailer-signature', 'ab**']
    expect(lines.map(parseTrailerLine)).toEqual([...fields, signature])
    for (const line of ['', 'a', 'A:b', 'a :b', 'a:b ', 'a:b\n\n', 'a:ü']) {
      expect(parseTrailerLine(line), line).toBeUndefined()
    }
  })

  it('formatMode and parseMode', () => {
    for (const [word] of MODES) {
      const mode = parseMode(word)
      expect(mode && formatMode(mode)).toBe(word)
    }
    for (const word of ['', 'UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-EVENTS'])
      expect(parseMode(word)).toBeUndefined()
  })

  it('framedLength is the length of the frames', () => {
    expect(framedLength(66_560, 65_536, 64, [])).toBe(66_824)
    expect(framedLength(0, 65_536, 0, [['a', 'b']])).toBe('0\r\na:b\r\n\r\n'.length)
  })
})

describe('the parts below', () => {
  it('a buffer gives the same lines and bytes wherever it is split', () => {
    const text = 'abc\r\n\r\nx\ny\r\nDATAz\r\n'
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const buffer = byteBuffer()
        const places = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = places.slice(1).map((to, at) => Buffer.from(text.slice(places[at], to)))
        const feed = () => buffer.feed({ value: pieces.shift() ?? Buffer.alloc(0) })
        const line = () => {
          for (;;) {
            const found = buffer.line(3)
            if (found !== undefined) return found
            feed()
          }
        }
        const bytes = (size: number) => {
          let found = ''
          while (found.length < size) {
            const piece = buffer.take(size - found.length)
            if (piece) found += Buffer.from(piece).toString()
            else feed()
          }
          return found
        }
        expect([line(), line(), line(), bytes(4), line()]).toEqual(['abc', '', 'x\ny', 'DATA', 'z'])
        expect(buffer.feed({ done: true })).toBe(false)
      }),
    )
  })

  it('gathered pieces are those that were added, and the large ones themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 40 }), (sizes) => {
        const gathered = gatherer()
        for (let round = 0; round < 2; round++) {
          const pieces = sizes.map((size, at) => noise(size, at + round))
          for (const piece of pieces) if (piece.length) gathered.add(piece)
          const taken = gathered.taken()
          expect(Buffer.concat(taken).equals(Buffer.concat(pieces))).toBe(true)
          expect(Buffer.from(concat(taken)).equals(Buffer.concat(pieces))).toBe(true)
          expect(pieces.every((piece) => piece.length <= 1024 || taken.includes(piece))).toBe(true)
          expect(gathered.taken()).toEqual([])
        }
      }),
    )
  })

  it('a serial HMAC is an HMAC', async () => {
    const serial = backend.serial()
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { minLength: 1, maxLength: 4 }),
        async (key, texts) => {
          for (const text of texts)
            expect(await serial.hmacHex(key, text)).toBe(backend.hmacHex(key, text))
          const bytes = Buffer.from(texts.join())
          expect(await serial.hmacHex(key, bytes)).toBe(backend.hmacHex(key, bytes))
        },
      ),
    )
    expect(await serial.hmacHex('key', 'text')).toBe(backend.hmacHex('key', 'text'))
  })
})
