import { createHmac } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { deriveSigningKeyPair } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { deriveScalar } from '../../src/algorithms/sigv4a/derive.ts'
import type { CryptoBackend } from '../../src/crypto/backend.ts'
import { backend } from '../../src/crypto/node.ts'
import { atOnce } from '../../src/lib/awaitable.ts'
import { fc } from '../support/properties.ts'
import { credentials, hexOf, retried, retriedPoint, suitePoints } from './keys.ts'

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const bytesOf = (value: bigint): Uint8Array =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex')

/** A backend whose HMACs are given, and the inputs that it was asked for. */
function scripted(answers: (input: Uint8Array, round: number) => Uint8Array) {
  const inputs: string[] = []
  const crypto: CryptoBackend = {
    ...backend,
    hmac: (_key, data) => answers(data as Uint8Array, inputs.push(hexOf(data as Uint8Array))),
  }
  return { inputs, crypto }
}

const scalarFrom = (...candidates: bigint[]) => {
  const { inputs, crypto } = scripted((_, round) => bytesOf(candidates[round - 1] as bigint))
  return { scalar: hexOf(atOnce(deriveScalar(credentials, crypto))), inputs }
}

describe('the key derivation', () => {
  it.each(suitePoints)('gives the public key of the suite: %s', async (_name, point) => {
    expect(hexOf((await deriveSigningKeyPair(credentials)).publicKey)).toBe(point)
  })

  it('hashes the counter-mode input: one, label, zero, key id, counter, 256 bits', () => {
    const { inputs } = scalarFrom(1n)
    expect(inputs).toEqual([
      `00000001${hexOf(Buffer.from('AWS4-ECDSA-P256-SHA256'))}00${hexOf(Buffer.from('AKIDEXAMPLE'))}0100000100`,
    ])
  })

  it.each([
    ['0', 0n, 1n],
    ['a carry over all bytes but the first', (1n << 248n) - 1n, 1n << 248n],
    ['n - 2, the largest that is taken', N - 2n, N - 1n],
  ])('adds one to %s', (_name, candidate, scalar) => {
    const found = scalarFrom(candidate)
    expect(found.scalar).toBe(hexOf(bytesOf(scalar)))
    expect(found.inputs).toHaveLength(1)
  })

  it.each([
    ['n - 1', N - 1n],
    ['n', N],
    ['2^256 - 1', (1n << 256n) - 1n],
  ])('tries the next counter, from the start, after %s', (_name, candidate) => {
    const { scalar, inputs } = scalarFrom(candidate, candidate, 41n)
    expect(scalar).toBe(hexOf(bytesOf(42n)))
    expect(inputs.map((input) => input.slice(-10))).toEqual([
      '0100000100',
      '0200000100',
      '0300000100',
    ])
    expect(new Set(inputs.map((input) => input.slice(0, -10))).size).toBe(1)
  })

  it('takes exactly what is at most n - 2', () => {
    const near = fc.bigInt({ min: -(1n << 40n), max: 1n << 40n }).map((offset) => N - 2n + offset)
    const any = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })
    const candidates = fc.oneof(near, any)
    fc.assert(
      fc.property(candidates, (candidate) => {
        const { scalar } = scalarFrom(candidate, 6n)
        expect(BigInt(`0x${scalar}`)).toBe(candidate > N - 2n ? 7n : candidate + 1n)
      }),
    )
  })

  it('takes the second round of a real key whose first is too large', async () => {
    const label = `\0\0\0\x01AWS4-ECDSA-P256-SHA256\0${retried.accessKeyId}`
    const first = createHmac('sha256', `AWS4A${retried.secretAccessKey}`)
      .update(Buffer.concat([Buffer.from(label), Buffer.of(1, 0, 0, 1, 0)]))
      .digest('hex')
    expect(BigInt(`0x${first}`)).toBeGreaterThan(N - 2n)
    expect(hexOf((await deriveSigningKeyPair(retried)).publicKey)).toBe(retriedPoint)
  })

  it('gives up after 254 rounds, as the service does, and tells no secret', () => {
    const { inputs, crypto } = scripted(() => bytesOf(N))
    let thrown: unknown
    try {
      atOnce(deriveScalar(credentials, crypto))
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'invalid-credentials' })
    expect(String(thrown)).not.toContain(credentials.secretAccessKey)
    expect(inputs).toHaveLength(254)
    expect(inputs.at(-1)).toMatch(/fe00000100$/)
  })

  it('differs by key id and by secret', async () => {
    const pairs = await Promise.all(
      [credentials, retried, { ...credentials, secretAccessKey: 'another' }].map((it) =>
        deriveSigningKeyPair(it),
      ),
    )
    expect(new Set(pairs.map(({ privateKey }) => hexOf(privateKey))).size).toBe(3)
  })

  it('gives the same pair with a curve that is passed in', async () => {
    const [platform, curve] = await Promise.all([
      deriveSigningKeyPair(credentials),
      deriveSigningKeyPair(credentials, { curve: p256 }),
    ])
    expect(hexOf(curve.publicKey)).toBe(hexOf(platform.publicKey))
    expect(hexOf(curve.privateKey)).toBe(hexOf(platform.privateKey))
  })
})
