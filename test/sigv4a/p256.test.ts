import { inspect } from 'node:util'
import { p256 as noble } from '@noble/curves/nist.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Curve, p256Of } from '../../src/algorithms/sigv4a/p256.ts'
import type { P256, P256Key } from '../../src/crypto/p256.ts'
import { p256 as node } from '../../src/crypto/p256-node.ts'
import { p256 as web } from '../../src/crypto/p256-web.ts'
import { hexOf } from './keys.ts'

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const TEXT = 'AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n'

const bytesOf = (value: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))

/** As version 1 of `@noble/curves` answers: an object that can be written as r‖s. */
const noble1: Curve = {
  ...noble,
  sign: (...given) => ({ toCompactRawBytes: () => noble.sign(...given) }),
}

const PLATFORMS: readonly (readonly [name: string, p256: P256])[] = [
  ['node:crypto', node],
  ['crypto.subtle', web],
  ['@noble/curves', p256Of(noble)],
  ['@noble/curves 1.x', p256Of(noble1)],
]

const SCALARS = [
  ['1', 1n],
  ['n - 1', N - 1n],
  ['a short one', 0x1234567890n],
  ['any', 0x7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259cn],
] as const

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each(SCALARS)('P-256 of scalar %s', (_name, value) => {
  const scalar = bytesOf(value)

  it.each(PLATFORMS)('%s knows the public point', async (_platform, p256) => {
    const key = await p256(scalar)
    expect(hexOf(await key.publicKey())).toBe(hexOf(noble.getPublicKey(scalar, false)))
  })

  it.each(PLATFORMS)('%s signs r and s, which all others verify', async (_platform, p256) => {
    const signature = await (await p256(scalar)).sign(TEXT)
    expect(signature).toHaveLength(64)
    for (const [, other] of PLATFORMS) {
      const key = await other(scalar)
      expect(await key.verify(TEXT, signature)).toBe(true)
      expect(await key.verify(`${TEXT}.`, signature)).toBe(false)
    }
  })
})

describe.each(PLATFORMS)('%s', (_name, p256) => {
  const scalar = bytesOf(42n)
  const flipped = (signature: Uint8Array) => {
    const other = Uint8Array.from(signature)
    other[63] = (other[63] as number) ^ 1
    return other
  }

  it('verifies either s, as AWS signs with either', async () => {
    const key = await p256(scalar)
    const signature = await key.sign(TEXT)
    const s = BigInt(`0x${hexOf(signature.slice(32))}`)
    const other = Uint8Array.of(...signature.slice(0, 32), ...bytesOf(N - s))
    expect(await key.verify(TEXT, other)).toBe(true)
  })

  it.each([
    ['another key', (_: Uint8Array, theirs: Uint8Array) => theirs],
    ['one bit that is another', flipped],
    ['zeros', () => new Uint8Array(64)],
    ['r of zero', (mine: Uint8Array) => Uint8Array.of(...bytesOf(0n), ...mine.slice(32))],
    ['s of zero', (mine: Uint8Array) => Uint8Array.of(...mine.slice(0, 32), ...bytesOf(0n))],
    ['n', () => Uint8Array.of(...bytesOf(N), ...bytesOf(N))],
    ['all ones', () => new Uint8Array(64).fill(255)],
  ])('says no to %s', async (_case, change) => {
    const key = await p256(scalar)
    const theirs = await (await p256(bytesOf(43n))).sign(TEXT)
    expect(await key.verify(TEXT, change(await key.sign(TEXT), theirs))).toBe(false)
  })

  it('shows nothing of its private half', async () => {
    const key: P256Key = await p256(bytesOf(0xabcdefabcdefabcdefabcdefabcdefn))
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)
    expect(shown).not.toMatch(/abcdefabcdef|171, 205, 239/i)
  })
})

describe('a platform that', () => {
  const scalar = bytesOf(42n)
  const { subtle } = globalThis.crypto
  const refusing = (...names: string[]) => {
    const refuse = () => Promise.reject(new DOMException('', 'DataError'))
    const own = Object.fromEntries(
      ['importKey', 'exportKey', 'sign', 'verify'].map((name) => [
        name,
        names.includes(name) ? refuse : (subtle[name as 'sign'] as () => unknown).bind(subtle),
      ]),
    )
    vi.stubGlobal('crypto', { subtle: own })
  }
  const unavailable = expect.objectContaining({
    code: 'crypto-unavailable',
    message: expect.stringContaining('sigv4aWith'),
  })

  it('has no crypto.subtle says so', async () => {
    vi.stubGlobal('crypto', {})
    await expect(web(scalar)).rejects.toEqual(unavailable)
  })

  it('refuses a key without its public point, as Safari, says so', async () => {
    refusing('importKey')
    await expect(web(scalar)).rejects.toEqual(unavailable)
  })

  it('does not tell the public point, as Firefox, signs all the same', async () => {
    refusing('exportKey')
    const key = await web(scalar)
    const signature = await key.sign(TEXT)
    expect(node(scalar).verify(TEXT, signature)).toBe(true)
    await expect(key.verify(TEXT, signature)).rejects.toEqual(unavailable)
    await expect(key.publicKey()).rejects.toEqual(unavailable)
  })
})
