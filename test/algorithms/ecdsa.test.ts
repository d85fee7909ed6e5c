import { describe, expect, it } from 'vitest'
import { ecdsa } from '../../src/algorithms/sigv4a/index.ts'
import { p256Of } from '../../src/algorithms/sigv4a/p256.ts'
import { backend } from '../../src/crypto/node.ts'
import type { P256 } from '../../src/crypto/p256.ts'

const date = new Date('2015-08-30T12:36:00Z')
const broken = (): never => {
  throw new Error('no point of the curve')
}
const nothing: P256 = () => ({ sign: broken, verify: broken, publicKey: broken })

describe('the algorithm of SigV4a', () => {
  const algorithm = ecdsa(nothing)

  it('stamps a date and a service, and writes the regions to the headers', () => {
    const headers: Record<string, string> = {}
    const stamp = algorithm.stamp?.(
      date,
      { service: 's3', regionSet: ['eu-*', 'us-east-1'] },
      headers,
    )
    expect(stamp).toEqual(['20150830T123600Z', '20150830/s3/aws4_request'])
    expect(headers).toEqual({ 'x-amz-region-set': 'eu-*,us-east-1' })
    algorithm.stamp?.(date, { service: 's3', region: 'eu-west-1' }, headers)
    expect(headers).toEqual({ 'x-amz-region-set': 'eu-west-1' })
  })

  it.each(['', 'a/b', 'a b', ' a', 'a\n', '\u00e9'])('has no service %j', (service) =>
    expect(() => algorithm.stamp?.(date, { service, region: 'r' }, {})).toThrow(
      expect.objectContaining({ code: 'invalid-scope' }),
    ),
  )

  it.each(['!', '.', '0~-'])('may have a service %j', (service) =>
    expect(algorithm.stamp?.(date, { service, region: 'r' }, {})[1]).toBe(
      `20150830/${service}/aws4_request`,
    ),
  )

  it('has a name, a scope and a form of its own', () => {
    const { name, scope, signatureForm, includesRegion } = algorithm
    expect([name, scope]).toEqual(['AWS4-ECDSA-P256-SHA256', 'global'])
    for (const [digits, fits] of [
      [`30${'ab'.repeat(7)}`, true],
      [`30${'0f'.repeat(71)}`, true],
      // One that is too short or too long is a wrong one, which the curve tells.
      [`30${'ab'.repeat(6)}`, true],
      [`30${'ab'.repeat(72)}`, true],
      [`31${'ab'.repeat(7)}`, false],
      [`30${'AB'.repeat(7)}`, false],
      [`30${'ab'.repeat(7)}a`, true],
      [`x30${'ab'.repeat(7)}`, false],
      [`30${'ab'.repeat(7)}x`, false],
    ] as const)
      expect(signatureForm?.test(digits), digits).toBe(fits)
    expect(includesRegion?.(['eu-*'], 'eu-west-1')).toBe(true)
  })

  it('needs a secret, which a derived key has none of', () => {
    const derived = { accessKeyId: 'A', signingKey: new Uint8Array(32) } as never
    expect(() => algorithm.deriveKey(derived, '', backend)).toThrow(
      expect.objectContaining({ code: 'invalid-credentials' }),
    )
  })

  it('takes no signature that is not in DER', () =>
    expect(algorithm.verify?.(nothing(new Uint8Array()), 't', '30', backend)).toBe(false))

  it('refuses what a curve will not read', () => {
    const curve = { getPublicKey: () => new Uint8Array(65), sign: broken, verify: broken }
    const key = p256Of(curve)(new Uint8Array(32)) as Awaited<ReturnType<P256>>
    expect(key.verify('t', new Uint8Array(64))).toBe(false)
  })
})
