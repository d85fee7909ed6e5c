import { describe, expect, it } from 'vitest'
import { byteBuffer, readLine } from '../../src/s3/byte-buffer.ts'
import {
  canonicalTrailer,
  formatChunkHead,
  formatTrailer,
  framedLength,
  frameWriter,
  parseChunkHead,
  parseSignature,
  parseTrailerLine,
  signatureWidth,
} from '../../src/s3/frame.ts'
import { gatherer } from '../../src/s3/pieces.ts'

const S = ';chunk-signature='
const HEX = 'f'.repeat(64)

describe('the head of a chunk', () => {
  it.each<[string, number, object]>([
    ['0', 0, { size: 0, signature: undefined }],
    ['1f', 0, { size: 31, signature: undefined }],
    ['1F', 0, { size: 31, signature: undefined }],
    ['ffffffffffff', 0, { size: 2 ** 48 - 1, signature: undefined }],
    [`a${S}${HEX}`, 64, { size: 10, signature: HEX }],
    [`a${S}ff**`, 4, { size: 10, signature: 'ff' }],
    [`a${S}`, 4, { size: 10, signature: '' }],
  ])('%j of width %i', (line, width, head) => expect(parseChunkHead(line, width)).toEqual(head))

  it.each<[string, number]>([
    ['', 0],
    ['1fF', 0],
    ['g', 0],
    ['1x', 0],
    ['x1', 0],
    [' 1', 0],
    ['1000000000000', 0],
    ['F000000000000', 0],
    [`1${S}${HEX}`, 0],
    ['1', 64],
    ['10', 64],
    [S + HEX, 64],
    [`1;chunk-signatur=${HEX}`, 64],
    [`1${S}${HEX}0`, 64],
    [`1${S}**`, 64],
  ])('%j of width %i is none', (line, width) => expect(parseChunkHead(line, width)).toBeUndefined())

  it('is written filled up to its width', () => {
    expect(formatChunkHead({ size: 31, signature: undefined }, 0)).toBe('1f\r\n')
    expect(formatChunkHead({ size: 0, signature: 'ff' }, 4)).toBe(`0${S}ff**\r\n`)
    expect([undefined, 'AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'].map(signatureWidth)).toEqual([
      0, 64, 144,
    ])
  })
})

describe('a signature in a frame', () => {
  it.each<[string, string | undefined]>([
    ['ab', 'ab'],
    ['abcd', 'abcd'],
    ['abcde', undefined],
    ['ab**', 'ab'],
    ['a***', 'a'],
    ['**', undefined],
    ['a*b', undefined],
    ['*ab', undefined],
    ['', ''],
  ])('%j is %j', (text, signature) => expect(parseSignature(text, 4)).toBe(signature))
})

describe('a line of a trailer', () => {
  it.each<[string, readonly [string, string]]>([
    ['a:b', ['a', 'b']],
    ['a-1: \tb', ['a-1', 'b']],
    ['a:', ['a', '']],
    ['a:!~:', ['a', '!~:']],
    ['x-amz-checksum-crc32:b\n', ['x-amz-checksum-crc32', 'b']],
  ])('%j', (line, field) => expect(parseTrailerLine(line)).toEqual(field))

  it.each([
    ...['', ':a', 'A:b', 'a', 'a :b', 'a:b c', 'a:b ', ' a:b', 'a:b\n', 'a:\u00e9', 'a_:b'],
    ...['x-amz-checksum-crc32:b\n\n', 'x-amz-checksum-crc32:\nb', 'y-x-amz-checksum-crc32:b\n'],
  ])('%j is none', (line) => expect(parseTrailerLine(line)).toBeUndefined())

  it('is written with its CRLF, the signature last; signed, in order of the names', () => {
    const fields = [
      ['b', '1'],
      ['a', '2'],
    ] as const
    expect(formatTrailer(fields, undefined, 0)).toBe('b:1\r\na:2\r\n')
    expect(formatTrailer(fields, 'f', 2)).toBe('b:1\r\na:2\r\nx-amz-trailer-signature:f*\r\n')
    expect(canonicalTrailer(fields)).toBe('a:2\nb:1\n')
    for (const names of ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
      expect(canonicalTrailer([...names].map((name) => [name, '1']))).toBe('a:1\nb:1\nc:1\n')
    expect(fields[0][0]).toBe('b')
  })
})

describe('a body in frames', () => {
  const CRLF = 2
  it.each<[number, number, number, readonly (readonly [string, string])[], number]>([
    [0, 16, 0, [], 1 + CRLF + CRLF],
    [5, 16, 0, [], 1 + CRLF + 5 + CRLF + 1 + CRLF + CRLF],
    [16, 16, 0, [], 2 + CRLF + 16 + CRLF + 1 + CRLF + CRLF],
    [33, 16, 0, [], 2 * (2 + CRLF + 16 + CRLF) + 1 + CRLF + 1 + CRLF + 1 + CRLF + CRLF],
    [0, 16, 64, [], 1 + S.length + 64 + CRLF + CRLF],
    [0, 16, 0, [['a', 'b']], 1 + CRLF + CRLF + 3 + CRLF],
    [0, 16, 64, [['a', 'b']], 1 + S.length + 64 + CRLF + CRLF + 3 + CRLF + 24 + 64 + CRLF],
  ])('of %i bytes in chunks of %i, signatures of %i', (length, chunk, width, trailer, framed) =>
    expect(framedLength(length, chunk, width, trailer)).toBe(framed),
  )

  it('has its texts as bytes, many in one buffer', () => {
    const write = frameWriter()
    const [one, two, long] = [write('ab\u00e9'), write('cd'), write('x'.repeat(5000))]
    expect([one, two, long].map((bytes) => Buffer.from(bytes).toString())).toEqual([
      ...['ab\u00e9', 'cd', 'x'.repeat(5000)],
    ])
    expect(one.buffer).toBe(two.buffer)
    const many = Array.from({ length: 3000 }, (_, at) => write(`${at}`))
    expect(many.every((bytes, at) => Buffer.from(bytes).toString() === `${at}`)).toBe(true)
    // No buffer is made for each.
    expect(new Set(many.map(({ buffer }) => buffer)).size).toBeLessThan(10)
  })
})

describe('bytes on their way', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const fed = (text: string) => {
    const buffer = byteBuffer()
    buffer.feed({ value: bytes(text) })
    return buffer
  }
  const text = (piece: Uint8Array | undefined) => piece && Buffer.from(piece).toString()

  it('are taken up to a length, not copied', () => {
    const buffer = byteBuffer()
    const value = bytes('abcde')
    expect(buffer.take(1)).toBeUndefined()
    expect(buffer.feed({ value })).toBe(true)
    const piece = buffer.take(2)
    expect([text(piece), text(buffer.take(9)), buffer.take(1)]).toEqual(['ab', 'cde', undefined])
    expect(piece?.buffer).toBe(value.buffer)
    buffer.feed({ value })
    expect(buffer.take(5)).toBe(value)
    expect(buffer.feed({ done: true })).toBe(false)
  })

  it.each([
    ['ab\r\ncd\r\n', ['ab', 'cd', undefined]],
    ['\r\n', ['', undefined]],
    ['ab\r', [undefined]],
    ['ab', [undefined]],
    ['', [undefined]],
    ['a\nb\r\n', ['a\nb', undefined]],
  ])('%j has the lines %j', (input, lines) => {
    const buffer = fed(input)
    expect(lines.map(() => buffer.line(9))).toEqual(lines)
  })

  it('have lines wherever they are split', () => {
    const input = 'ab\r\n\r\nc\r\n'
    for (let first = 0; first <= input.length; first++)
      for (let second = first; second <= input.length; second++) {
        const buffer = byteBuffer()
        const lines: (string | undefined)[] = []
        for (const part of [
          input.slice(0, first),
          input.slice(first, second),
          input.slice(second),
        ]) {
          buffer.feed({ value: bytes(part) })
          for (let line = buffer.line(9); line !== undefined; line = buffer.line(9))
            lines.push(line)
        }
        expect(lines).toEqual(['ab', '', 'c'])
        expect(buffer.feed({ done: true })).toBe(false)
      }
  })

  it.each<[string, number, string]>([
    ['abc\r\n', 2, 'chunk-limit'],
    ['abc', 2, 'chunk-limit'],
    ['a\r\n', 0, 'invalid-chunk'],
    ['a\rb', 9, 'invalid-chunk'],
    ['\r\r', 9, 'invalid-chunk'],
  ])('%j, of lines of %i, fails with %s', (input, most, code) => {
    expect(() => fed(input).line(most)).toThrow(expect.objectContaining({ code }))
  })

  it('may have a line of just the length, in one piece or in two', () => {
    expect(fed('ab\r\n').line(2)).toBe('ab')
    const buffer = fed('a')
    expect(buffer.line(2)).toBeUndefined()
    buffer.feed({ value: bytes('b\r\n') })
    expect(buffer.line(2)).toBe('ab')
    const long = fed('ab')
    long.line(2)
    long.feed({ value: bytes('c\r\n') })
    expect(() => long.line(2)).toThrow('2 bytes')
  })

  it('have a line that does not end where they end', () => {
    for (const input of ['a', 'a\r']) {
      const buffer = fed(input)
      buffer.line(9)
      expect(() => buffer.feed({ done: true })).toThrow('invalid-chunk')
    }
  })

  it('have a byte of ISO 8859-1 as a character', () => {
    const buffer = byteBuffer()
    buffer.feed({ value: Uint8Array.of(0xe9, 13, 10) })
    expect(buffer.line(1)).toBe('\u00e9')
  })

  it('are waited for', async () => {
    const parts = ['a', 'b\r', '\nc']
    const input = {
      next: async () => {
        const part = parts.shift()
        return part === undefined ? { done: true } : { value: bytes(part) }
      },
      cancel: async () => {},
      release: async () => {},
    }
    const buffer = byteBuffer()
    expect(await readLine(buffer, input, 9)).toBe('ab')
    await expect(readLine(buffer, input, 9)).rejects.toMatchObject({ code: 'invalid-chunk' })
    expect(await readLine(byteBuffer(), input, 9)).toBeUndefined()
  })
})

describe('the pieces of a chunk', () => {
  const of = (length: number, first: number) =>
    Uint8Array.from({ length }, (_, at) => (first + at) % 251)

  it.each([
    ['small', [1, 2, 3]],
    ['large', [2000, 1025]],
    ['small and large', [10, 2000, 5, 6, 1024, 1025, 1]],
    ['many', Array.from({ length: 100 }, () => 1000)],
    ['none', []],
  ])('%s, come out as they went in, and once', (_, lengths) => {
    const held = gatherer()
    for (const round of [1, 2]) {
      const pieces = lengths.map((length, at) => of(length, at * 7 + round))
      for (const piece of pieces) held.add(piece)
      expect(Buffer.concat(held.taken()).equals(Buffer.concat(pieces))).toBe(true)
      expect(held.taken()).toEqual([])
    }
  })

  it('are not copied where they are large, and together where they are small', () => {
    const held = gatherer()
    const large = of(1025, 0)
    for (const piece of [large, of(1024, 1), of(1, 2), of(3, 3)]) held.add(piece)
    const taken = held.taken()
    expect(taken[0]).toBe(large)
    expect(taken.map(({ length }) => length)).toEqual([1025, 1028])
    // A piece that was handed out is not written to any more.
    const copy = Uint8Array.from(taken[1] as Uint8Array)
    held.add(of(9, 100))
    expect(taken[1]).toEqual(copy)
    expect(held.taken().map(({ length }) => length)).toEqual([9])
  })

  it('of bytes take no more room than twice their own', () => {
    const held = gatherer()
    for (let at = 0; at < 40_000; at++) held.add(Uint8Array.of(at % 251))
    const buffers = new Set(held.taken().map(({ buffer }) => buffer))
    expect([...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(80_000)
  })
})
