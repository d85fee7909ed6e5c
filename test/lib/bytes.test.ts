import { describe, expect, it } from 'vitest'
import { base64, fromBase64 } from '../../src/lib/base64.ts'
import { concat, readBytes, toBytes } from '../../src/lib/bytes.ts'
import { fromHex, hex } from '../../src/lib/hex.ts'
import { fromLatin1, latin1 } from '../../src/lib/latin1.ts'
import { fc } from '../support/properties.ts'

const bytes = fc.uint8Array({ maxLength: 100 })

/** How Node writes bytes, which is not ours. */
const written = (data: Uint8Array, as: BufferEncoding) => Buffer.from(data).toString(as)

describe.each([
  ['hex', hex, fromHex],
  ['base64', base64, fromBase64],
  ['latin1', latin1, fromLatin1],
] as const)('%s', (name, format, parse) => {
  it('is written as Node does, and gives back the bytes', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(format(data)).toBe(written(data, name))
        expect(parse(format(data))).toEqual(data)
      }),
    )
  })
})

describe('base64', () => {
  const texts = fc.oneof(
    fc.base64String(),
    fc.string({ unit: fc.constantFrom('A', 'z', '0', '+', '/', '=', '-', '_', ' ', '\n') }),
  )

  it('is read in its standard form with its padding alone', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const standard = text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text)
        const expected = standard ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined
        expect(fromBase64(text)).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the bytes of a body', () => {
  const views = [
    (data: Uint8Array) => data,
    (data: Uint8Array) => data.slice().buffer,
    (data: Uint8Array) => new DataView(Uint8Array.of(0, ...data, 0).buffer, 1, data.length),
    (data: Uint8Array) => Buffer.from(data),
  ]

  it.each(views)('are the same in every kind of buffer: %s', (view) => {
    fc.assert(
      fc.property(bytes, (data) => {
        const body = view(data)
        expect(written(toBytes(body), 'hex')).toBe(written(data, 'hex'))
        expect(written(readBytes(body) as Uint8Array, 'hex')).toBe(written(data, 'hex'))
      }),
    )
  })

  it('come together in their order', () => {
    fc.assert(
      fc.property(fc.array(bytes), (pieces) => {
        expect(written(concat(pieces), 'hex')).toBe(written(Buffer.concat(pieces), 'hex'))
      }),
    )
  })
})
