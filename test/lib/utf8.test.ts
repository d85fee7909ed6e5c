import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formSpelling } from '../../src/explain/search/hypotheses/payload.ts'
import { fromUtf8, utf8 } from '../../src/lib/utf8.ts'

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
    // An overlong form, and a surrogate.
    const none = Uint8Array.of(0xe0, 0x80, 0x80, 0xed, 0xa0, 0x80)
    expect(fromUtf8(none)).toBe(decoder.decode(none))
    const pieces = fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0)
    const others = fc.constantFrom(0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff)
    // A truncated sequence is one mark to TextDecoder, and a byte is one here.
    const marked = (it: string) => it.replace(/\ufffd+/g, '\ufffd')
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, others), { maxLength: 9 }), (odd) => {
        const bytes = Uint8Array.from(odd)
        expect(marked(fromUtf8(bytes))).toBe(marked(decoder.decode(bytes)))
      }),
      { numRuns: 2000 },
    )
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
