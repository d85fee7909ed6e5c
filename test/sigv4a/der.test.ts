import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { formatDer, parseDer } from '../../src/algorithms/sigv4a/der.ts'
import { fc } from '../support/properties.ts'
import { hexOf } from './keys.ts'

const one = `${'0'.repeat(63)}1`
const bytes = (digits: string): Uint8Array => Buffer.from(digits, 'hex')

/** Numbers of up to 32 bytes; short ones and those with the first bit set come often. */
const numbers = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([zeros, value]) => value.fill(0, 0, zeros))
const signatures = fc.tuple(numbers, numbers).map((both) => Uint8Array.from(Buffer.concat(both)))

describe('DER', () => {
  it('comes back as r and s, whatever their lengths', () => {
    fc.assert(
      fc.property(signatures, (signature) => {
        expect(hexOf(parseDer(formatDer(signature)) ?? bytes(''))).toBe(hexOf(signature))
      }),
    )
  })

  it('is written as @noble/curves writes it', () => {
    const n = p256.Point.Fn.ORDER
    const number = fc.bigInt({ min: 1n, max: n - 1n })
    fc.assert(
      fc.property(number, number, (r, s) => {
        const signature = new p256.Signature(r, s)
        expect(formatDer(signature.toBytes('compact'))).toBe(signature.toHex('der'))
      }),
    )
  })

  it('is read and written by OpenSSL alike', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const publicKey = createPublicKey(privateKey)
    for (let round = 0; round < 200; round++) {
      const text = Buffer.from(`text ${round}`)
      const theirs = sign('sha256', text, { key: privateKey, dsaEncoding: 'der' })
      expect(formatDer(parseDer(hexOf(theirs)) ?? bytes(''))).toBe(hexOf(theirs))
      const compact = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      const ours = bytes(formatDer(compact))
      expect(verify('sha256', text, { key: publicKey, dsaEncoding: 'der' }, ours)).toBe(true)
    }
  })

  it('has no number of more than 32 bytes', () => {
    const long = `0221${'7f'.repeat(33)}`
    const short = '020101'
    for (const body of [long + short, short + long, long + long])
      expect(parseDer(`30${(body.length / 2).toString(16)}${body}`)).toBeUndefined()
  })

  it('has one spelling: any other digit is refused or another signature', () => {
    fc.assert(
      fc.property(signatures, fc.nat(), fc.integer({ min: 1, max: 15 }), (signature, at, by) => {
        const der = formatDer(signature)
        const index = at % der.length
        const digit = (Number.parseInt(der[index] as string, 16) ^ by).toString(16)
        const other = der.slice(0, index) + digit + der.slice(index + 1)
        const parsed = parseDer(other)
        if (parsed) expect(formatDer(parsed)).toBe(other)
        if (parsed) expect(hexOf(parsed)).not.toBe(hexOf(signature))
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['no sequence', '3106020101020101'],
    ['a length of the long form', '308106020101020101'],
    ['a length of no definite form', '30800201010201010000'],
    ['a length that is too long', '3007020101020101'],
    ['a length that is too short', '3005020101020101'],
    ['something after the end', '300602010102010100'],
    ['something after s, inside', '300702010102010100'],
    ['no second integer', '3003020101'],
    ['a third integer', '3009020101020101020101'],
    ['an integer of no bytes', '30050200020101'],
    ['a leading zero that is not needed', '300702020001020101'],
    ['a negative r', '3006020181020101'],
    ['a negative s', '3006020101020181'],
    ['a bit string for r', '3006030101020101'],
    ['a bit string for s', '3006020101030101'],
    ['an r of 34 bytes', `3027022201${'00'.repeat(33)}020101`],
    ['an r of 33 bytes that is no padding', `3026022101${'00'.repeat(32)}020101`],
    ['upper-case digits', formatDer(bytes('ff'.repeat(64))).toUpperCase()],
    ['asterisks, as chunks are padded with', `${formatDer(bytes(one + one))}**`],
  ])('refuses %s', (_name, der) => {
    expect(parseDer(der)).toBeUndefined()
  })

  it('accepts the shortest and the longest', () => {
    expect(formatDer(bytes(one + one))).toBe('3006020101020101')
    expect(formatDer(bytes('ff'.repeat(64)))).toHaveLength(144)
    expect(parseDer('3006020101020101')).toEqual(Uint8Array.from(bytes(one + one)))
  })
})
