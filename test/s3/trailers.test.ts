import { describe, expect, it } from 'vitest'
import { backend as crypto } from '../../src/crypto/node.ts'
import { byteBuffer, readLine } from '../../src/s3/byte-buffer.ts'
import type { Chain } from '../../src/s3/chain.ts'
import { startStated } from '../../src/s3/checksums.ts'
import { openInput } from '../../src/s3/streams.ts'
import { announcedIn, expectTrailer } from '../../src/s3/trailer.ts'

const sources = { checksums: {}, crypto }
const HEX = 'f'.repeat(64)
const SIGNED = `x-amz-trailer-signature:${HEX}\r\n`
const CRC = 'x-amz-checksum-crc32'
/** Of `hello`. */
const HELLO = 'NhCmhg=='

/** A chain that is asked for the trailer alone, and says what it is told to. */
function chainOf(holds = true) {
  const asked: [text: string, signature: string][] = []
  const chain = {
    holdsTrailer(text: string, signature: string) {
      asked.push([text, signature])
      return holds
    },
  }
  return { asked, chain: chain as unknown as Chain }
}

interface Terms {
  readonly announced?: readonly string[]
  readonly chain?: Chain
  readonly most?: number
}

/** What is read of a trailer as it comes, in one piece and byte by byte: its fields, or a fault. */
async function read(text: string, { announced = [], chain, most = 100 }: Terms = {}) {
  const whole = Buffer.from(text)
  const outcomes: unknown[] = []
  for (const pieces of [[whole], [...whole].map((byte) => Uint8Array.of(byte))]) {
    const buffer = byteBuffer()
    const source = (async function* () {
      yield* pieces
    })()
    const input = openInput(source)
    try {
      const width = chain ? 64 : 0
      const trailer = expectTrailer(new Set(announced), chain, width, most, sources)
      trailer.update(Buffer.from('hel'))
      trailer.update(Buffer.from('lo'))
      outcomes.push(await trailer.read((line) => readLine(buffer, input, line)))
    } catch (error) {
      outcomes.push((error as { code?: string }).code ?? error)
    }
  }
  expect(outcomes[1]).toEqual(outcomes[0])
  return outcomes[0]
}

describe('the trailer of unsigned chunks', () => {
  it.each<[string, readonly string[], object]>([
    ['\r\n', [], []],
    ['\r\n\r\n', [], []],
    ['a:1\r\n\r\n', ['a'], [['a', '1']]],
    ['\r\na:1\r\n\r\n', ['a'], [['a', '1']]],
    [
      'b:1\r\na:2\r\n\r\n',
      ['a', 'b'],
      [
        ['b', '1'],
        ['a', '2'],
      ],
    ],
    ['a:1\r\nb:2\r\n\r\n', ['b', 'a'], [expect.anything(), expect.anything()]],
    [`${CRC}:${HELLO}\r\n\r\n`, [CRC], [[CRC, HELLO]]],
    ['x-amz-trailer-signature:a\r\n\r\n', ['x-amz-trailer-signature'], [expect.anything()]],
  ])('%j, where %j are announced, has its fields', async (text, announced, fields) =>
    expect(await read(text, { announced })).toEqual(fields),
  )

  it.each<[string, readonly string[], string]>([
    ['', [], 'invalid-chunk'],
    ['a:1\r\n', ['a'], 'invalid-chunk'],
    ['a:1', ['a'], 'invalid-chunk'],
    ['\r\na:1\r\n', ['a'], 'invalid-chunk'],
    ['a\r\n\r\n', ['a'], 'invalid-chunk'],
    ['\r\n', ['a'], 'trailer-mismatch'],
    ['a:1\r\n\r\n', [], 'trailer-mismatch'],
    ['a:1\r\n\r\n', ['b'], 'trailer-mismatch'],
    ['a:1\r\n\r\n', ['a', 'b'], 'trailer-mismatch'],
    ['a:1\r\na:1\r\n\r\n', ['a'], 'trailer-mismatch'],
    ['a:1\r\nb:1\r\n\r\n', ['a'], 'trailer-mismatch'],
    [SIGNED, [], 'invalid-chunk'],
    [`${CRC}:NhCmhA==\r\n\r\n`, [CRC], 'checksum-mismatch'],
    [`${CRC}:NhCm\r\n\r\n`, [CRC], 'invalid-checksum'],
    ['x-amz-checksum-x:1\r\n\r\n', ['x-amz-checksum-x'], 'unknown-checksum'],
  ])('%j, where %j are announced, fails with %s', async (text, announced, code) =>
    expect(await read(text, { announced })).toBe(code),
  )
})

it('a checksum that is none is told as one of the trailer', async () => {
  const { check } = startStated(CRC, 'crc32', sources, 'trailing header')
  await expect(check('none')).rejects.toThrow(`the value for ${CRC} trailing header is invalid`)
  const trailer = expectTrailer(new Set([CRC]), undefined, 0, 100, sources)
  const lines = [`${CRC}:none`, '']
  await expect(trailer.read(async () => lines.shift())).rejects.toThrow('trailing header is')
})

describe('a trailer has no more bytes than it may', () => {
  const announced = ['a', 'b', 'c']
  it.each<[string, readonly string[], number, boolean]>([
    ['a:1\r\n\r\n', ['a'], 3, true],
    ['a:1\r\n\r\n', ['a'], 2, false],
    ['a:1\r\nb:22\r\n\r\n', ['a', 'b'], 7, true],
    ['a:1\r\nb:22\r\n\r\n', ['a', 'b'], 6, false],
    // Fields that fit one by one are too many together.
    ['a:1\r\nb:2\r\nc:3\r\n\r\n', announced, 9, true],
    ['a:1\r\nb:2\r\nc:3\r\n\r\n', announced, 8, false],
    ['a:1\r\nb:2\r\nc:3\r\n\r\n', announced, 3, false],
    ['\r\na:1\r\n\r\n', ['a'], 3, true],
    ['\r\na:1\r\n\r\n', ['a'], 2, false],
  ])('%j of %j, of %i bytes: %s', async (text, names, most, fits) => {
    const outcome = await read(text, { announced: names, most })
    if (fits) expect(outcome).toHaveLength(names.length)
    else expect(outcome).toBe('chunk-limit')
  })
})

describe('the trailer of signed chunks', () => {
  it('ends in its signature, which is of the fields in order of their names', async () => {
    const { asked, chain } = chainOf()
    const fields = await read(`b:1\r\na:2\r\n${SIGNED}\r\n`, {
      announced: ['a', 'b'],
      chain,
      most: 200,
    })
    expect(fields).toEqual([
      ['b', '1'],
      ['a', '2'],
    ])
    expect(asked[0]).toEqual(['a:2\nb:1\n', HEX])
  })

  it.each<[string, string, string]>([
    ['its signature is of other fields', `a:1\r\n${SIGNED}\r\n`, 'trailer-mismatch'],
    ['it has another field', `b:1\r\n${SIGNED}\r\n`, 'trailer-mismatch'],
    ['there is no signature', 'a:1\r\n\r\n', 'invalid-chunk'],
    ['there is nothing', '\r\n\r\n', 'invalid-chunk'],
    ['the body ends before it', '\r\n', 'trailer-mismatch'],
    ['the body ends behind it', `a:1\r\n${SIGNED}`, 'invalid-chunk'],
    ['something stands behind it', `a:1\r\n${SIGNED}b:1\r\n\r\n`, 'invalid-chunk'],
    ['the signature is too long', `a:1\r\n${SIGNED.replace('f', 'ff')}\r\n`, 'invalid-chunk'],
    [
      'the signature is nothing but padding',
      `a:1\r\n${SIGNED.replace(/f/g, '*')}\r\n`,
      'invalid-chunk',
    ],
    ['a line is no field', `a\r\n${SIGNED}\r\n`, 'invalid-chunk'],
  ])('is refused where %s', async (_, text, code) => {
    const { chain } = chainOf(false)
    expect(await read(text, { announced: ['a'], chain, most: 200 })).toBe(code)
  })

  it('is not read where nothing that is signed announces it', async () => {
    const { chain } = chainOf()
    expect(await read(`${SIGNED}\r\n`, { chain })).toBe('trailer-mismatch')
  })
})

it.each<[string | undefined, readonly string[]]>([
  [undefined, []],
  ['', []],
  [' ', []],
  ['a', ['a']],
  ['A,B', ['a', 'b']],
  [' a , b,,c d ', ['a', 'b', 'c', 'd']],
  ['a,A', ['a']],
])('x-amz-trailer %j announces %j', (announced, names) =>
  expect([...announcedIn(announced === undefined ? {} : { 'x-amz-trailer': announced })]).toEqual(
    names,
  ),
)
