import { describe, expect, it } from 'vitest'
import { percentDecode, percentEncode, percentNormalize } from '../../src/lib/percent.ts'
import { fc } from '../support/properties.ts'

describe('the one spelling of percent-encoded text', () => {
  const ascii = fc.string({
    unit: fc.oneof(
      fc.constantFrom('%', '%2', '%c3', '%C3%bc', '%7e', '%zz', '%25', '%25zz', '%00', '%80'),
      fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
    ),
  })

  it('is its own, and has unreserved characters and upper-case escapes alone', () => {
    fc.assert(
      fc.property(ascii, (text) => {
        const spelled = percentNormalize(text)
        expect(percentNormalize(spelled)).toBe(spelled)
        expect(spelled).toMatch(/^([\w.~-]|%[\dA-F]{2})*$/)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the bytes that the text stands for', () => {
    const bytes = (text: string) =>
      text.replace(/%([\da-f]{2})/gi, (_, digits) => String.fromCharCode(Number(`0x${digits}`)))
    fc.assert(
      fc.property(ascii, (text) => {
        expect(bytes(percentNormalize(text))).toBe(bytes(text))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('percent-encoding', () => {
  it('gives back what it was made of, and has unreserved characters and upper-case escapes alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = percentEncode(text)
        expect(encoded).toMatch(/^([\w.~-]|%[\dA-F]{2})*$/)
        expect(percentDecode(encoded)).toBe(text)
        expect(percentNormalize(encoded)).toBe(encoded)
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves a text as it is where an escape is malformed', () => {
    for (const text of ['%', '%zz', '100%', '%C3', 'a%20%']) expect(percentDecode(text)).toBe(text)
  })
})
