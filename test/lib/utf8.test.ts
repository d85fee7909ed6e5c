import { describe, expect, it, vi } from 'vitest'
import { formSpelling } from '../../src/explain/search/hypotheses/payload.ts'
import { fromUtf8, utf8 } from '../../src/lib/utf8.ts'
import { fc } from '../support/properties.ts'

const text = fc.string({ unit: 'binary' })
describe('UTF-8 without a platform', () => {
  it('is encoded as TextEncoder does, unpaired surrogates included', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }))
    fc.assert(
      fc.property(units, (codes) => {
        const odd = String.fromCharCode(...codes)
        expect(utf8(odd)).toEqual(new TextEncoder().encode(odd))
      }),
    )
  })

  it('gives back the text that it was made of', () => {
    fc.assert(fc.property(text, (it) => fromUtf8(utf8(it)) === it))
  })

  it('is decoded as TextDecoder does', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(text, (it) => {
        const bytes = new TextEncoder().encode(`\ufeff${it}`)
        expect(fromUtf8(bytes)).toBe(decoder.decode(bytes))
      }),
    )
    expect(fromUtf8(Uint8Array.of(0x61, 0xff, 0xc3, 0x62))).toBe('a\ufffd\ufffdb')
    // Of whatever bytes the same characters are read, but for how many U+FFFD stand for what is none.
    const bytes = fc.oneof(fc.uint8Array(), fc.uint8Array({ min: 0x80 }))
    fc.assert(
      fc.property(bytes, (it) => {
        const once = (decoded: string) => decoded.replace(/\ufffd+/g, '\ufffd')
        expect(once(fromUtf8(it))).toBe(once(decoder.decode(it)))
      }),
      { numRuns: 2000 },
    )
    // An overlong form, and a surrogate.
    expect(fromUtf8(Uint8Array.of(0xe0, 0x80, 0x80, 0xed, 0xa0, 0x80))).toBe('\ufffd\ufffd')
  })
})

describe('bytes that are no text', () => {
  it('are read without an error for each', () => {
    const decode = vi.spyOn(globalThis, 'decodeURIComponent')
    for (const byte of [0x80, 0xc0, 0xc3, 0xe2, 0xf0, 0xff])
      expect(fromUtf8(new Uint8Array(20_000).fill(byte))).toBe('\ufffd'.repeat(20_000))
    expect(decode.mock.calls.length).toBe(0)
    vi.restoreAllMocks()
  })
})

describe('a form', () => {
  it('is written as URLSearchParams does', () => {
    const common = [..."a&=+~*!'() ;/?#", '%41', '%C3%BC']
    // Node itself misreads a text that has both.
    const malformed = fc.string({ unit: fc.constantFrom(...common, '%', '%zz', '%aa', '%u0041') })
    const wide = fc.string({ unit: fc.constantFrom(...common, 'ü', '😀') })
    fc.assert(
      fc.property(fc.oneof(malformed, wide), (it) => {
        expect(formSpelling(it)).toBe(new URLSearchParams(`&${it}`).toString())
      }),
      { numRuns: 1000 },
    )
  })
})
