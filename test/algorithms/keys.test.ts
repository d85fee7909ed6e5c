import { describe, expect, it } from 'vitest'
import { cachedKeys } from '../../src/algorithms/cached-keys.ts'
import { importedKey } from '../../src/algorithms/imported-key.ts'
import { matches } from '../../src/algorithms/matches.ts'
import { findKey, originOf } from '../../src/algorithms/origin.ts'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { verifiedKeys } from '../../src/algorithms/verified-keys.ts'
import type { CryptoBackend } from '../../src/crypto/backend.ts'
import { backend } from '../../src/crypto/node.ts'
import type { Algorithm, SigningCredentials } from '../../src/model/types.ts'
import { hexOf, hmac } from '../support/hash.ts'

const SCOPE = '20150830/us-east-1/s3/aws4_request'
const key = (accessKeyId: string, secretAccessKey = 'secret') => ({ accessKeyId, secretAccessKey })
const A = key('A')

/** An algorithm whose keys tell what they were derived from, and the scopes that it was asked for. */
function counted() {
  const derived: string[] = []
  const algorithm: Algorithm = {
    name: 'A',
    deriveKey: ({ accessKeyId }, scope) => {
      derived.push(`${accessKeyId} ${scope}`)
      return new Uint8Array(1)
    },
    sign: () => '',
  }
  return { algorithm, derived }
}

describe('an origin', () => {
  const scope = { date: '20150830', region: 'r', service: 's' }
  const derived = { accessKeyId: 'A', signingKey: new Uint8Array(32), scope }
  const of = (credentials: SigningCredentials, at = SCOPE, crypto = backend) =>
    originOf(credentials, at, crypto)
  const held = [
    { origin: of(A), key: 'a' },
    { origin: of(derived), key: 'd' },
  ] as const

  it('is found again where every part is the same', () => {
    expect(findKey(held, of({ ...A }))?.key).toBe('a')
    expect(findKey(held, of({ ...derived }))?.key).toBe('d')
  })

  it.each<[string, ReturnType<typeof of>]>([
    ['key id', of(key('B'))],
    ['secret', of(key('A', 'other'))],
    ['scope', of(A, 'other')],
    ['backend', of(A, SCOPE, { ...backend })],
    ['signing key', of({ ...derived, signingKey: new Uint8Array(32) })],
    ['scope of a derived key', of({ ...derived, scope: { ...scope } })],
  ])('is another with another %s', (_, origin) => expect(findKey(held, origin)).toBeUndefined())
})

describe('keys that a signer derives', () => {
  it('are remembered up to a limit, the oldest forgotten first', () => {
    const { algorithm, derived } = counted()
    const cached = cachedKeys(algorithm, 2)
    for (const id of ['A', 'B', 'A', 'B', 'C', 'B', 'C', 'A'])
      cached.deriveKey(key(id), SCOPE, backend)
    expect(derived).toEqual(['A', 'B', 'C', 'A'].map((id) => `${id} ${SCOPE}`))
  })

  it('are 256 where nothing is said', () => {
    const { algorithm, derived } = counted()
    const cached = cachedKeys(algorithm)
    const all = Array.from({ length: 256 }, (_, at) => key(`${at}`))
    for (const one of [...all, ...all]) cached.deriveKey(one, SCOPE, backend)
    expect(derived).toHaveLength(256)
    cached.deriveKey(A, SCOPE, backend)
    cached.deriveKey(key('0'), SCOPE, backend)
    expect(derived).toHaveLength(258)
  })

  it('keep the rest of the algorithm', () => {
    const { algorithm } = counted()
    expect(cachedKeys(algorithm)).toMatchObject({ name: 'A', sign: algorithm.sign })
    expect(verifiedKeys(algorithm)).toMatchObject({ name: 'A', sign: algorithm.sign })
  })
})

describe('keys that have proved right', () => {
  /** Derives and keeps keys, and tells which of them are derived anew when they are asked for again. */
  function keeping(limit?: number) {
    const { algorithm, derived } = counted()
    const verified = verifiedKeys(algorithm, limit)
    const deriveKey = (id: string, secret = 'secret', scope = SCOPE) =>
      verified.deriveKey(key(id, secret), scope, backend)
    const keep = (...from: Parameters<typeof deriveKey>) =>
      verified.keep?.(deriveKey(...from) as object)
    const isDerived = (...from: Parameters<typeof deriveKey>) => {
      const { length } = derived
      deriveKey(...from)
      return derived.length > length
    }
    return { verified, deriveKey, keep, isDerived }
  }

  it('are held, by all that they were derived from; others are derived each time', () => {
    const { keep, isDerived } = keeping()
    expect([isDerived('A'), isDerived('A')]).toEqual([true, true])
    keep('A')
    expect([isDerived('A'), isDerived('A')]).toEqual([false, false])
    expect([isDerived('B'), isDerived('A', 'other'), isDerived('A', 'secret', 'other')]).toEqual([
      ...[true, true, true],
    ])
    expect(isDerived('A')).toBe(false)
  })

  it('are not held where their id and scope are longer than any of AWS', () => {
    const { verified, keep, deriveKey, isDerived } = keeping()
    const longest = 's'.repeat(255)
    keep('A', 'secret', longest)
    expect(isDerived('A', 'secret', longest)).toBe(false)
    keep('A', 'secret', `${longest}s`)
    expect(isDerived('A', 'secret', `${longest}s`)).toBe(true)
    expect(verified.isKept?.(deriveKey('A', 'secret', `${longest}s`) as object)).toBe(false)
  })

  it('are told from those that have not', () => {
    const { verified, deriveKey } = keeping()
    const made = deriveKey('A')
    expect(verified.isKept?.(made as object)).toBe(false)
    verified.keep?.(made as object)
    verified.keep?.(made as object)
    expect(verified.isKept?.(made as object)).toBe(true)
    expect(deriveKey('A')).toBe(made)
  })

  it('are no others: one that was not derived here, and one that is no object', () => {
    const { verified, isDerived } = keeping()
    verified.keep?.(new Uint8Array(1))
    expect(isDerived('A')).toBe(true)
    const texts = verifiedKeys({ ...counted().algorithm, deriveKey: () => 'text' })
    texts.keep?.(texts.deriveKey(A, SCOPE, backend) as string)
    expect(texts.isKept?.('text')).toBe(false)
  })

  it('are four side by side for an id and a scope, the latest', () => {
    const { keep, isDerived } = keeping()
    const secrets = ['1', '2', '3', '4', '5']
    for (const secret of secrets) keep('A', secret)
    // The last place is remembered as it was.
    isDerived('B')
    expect(secrets.map((secret) => isDerived('A', secret))).toEqual([
      ...[true, false, false, false, false],
    ])
  })

  it('are those of so many ids and scopes, the oldest forgotten first', () => {
    const { keep, isDerived } = keeping(2)
    for (const id of ['A', 'B']) keep(id)
    expect(['A', 'B', 'A'].map((id) => isDerived(id))).toEqual([false, false, false])
    keep('C')
    expect(['B', 'C', 'A'].map((id) => isDerived(id))).toEqual([false, false, true])
  })

  it('are of 1024 where nothing is said', () => {
    const { keep, isDerived } = keeping()
    for (let at = 0; at < 1024; at++) keep(`${at}`)
    expect(isDerived('0')).toBe(false)
    keep('A')
    expect([isDerived('1'), isDerived('0')]).toEqual([false, true])
  })
})

describe('a key of SigV4', () => {
  const expected = SCOPE.split('/').reduce<string | Uint8Array>(hmac, 'AWS4secret') as Buffer

  it('is derived in four steps, from the secret or from a key handle', async () => {
    expect(hexOf((await sigv4.deriveKey(A, SCOPE, backend)) as Uint8Array)).toBe(hexOf(expected))
    const signingKey = new Uint8Array(32).fill(1)
    const derived = SCOPE.split('/').reduce<Uint8Array>(hmac, signingKey)
    const handle = { accessKeyId: 'A', signingKey } as never
    expect(hexOf((await sigv4.deriveKey(handle, SCOPE, backend)) as Uint8Array)).toBe(
      hexOf(derived),
    )
  })

  it('is a derived one in its own scope alone', () => {
    const signingKey = new Uint8Array(32)
    const scope = { date: '20150830', region: 'us-east-1', service: 's3' }
    const of = (more: object) => ({ accessKeyId: 'A', signingKey, scope, ...more }) as never
    expect(sigv4.deriveKey(of({}), SCOPE, backend)).toBe(signingKey)
    for (const wrong of [
      { scope: { ...scope, date: '20150831' } },
      { scope: { ...scope, region: 'r' } },
      { signingKey: undefined },
    ])
      expect(() => sigv4.deriveKey(of(wrong), SCOPE, backend)).toThrow(
        expect.objectContaining({ code: 'invalid-scope' }),
      )
  })

  it('is imported where it is bytes and the platform can', async () => {
    const { algorithm } = counted()
    const imported = { ...backend, importKey: () => 'imported' }
    expect(await importedKey(algorithm, A, SCOPE, imported)).toBe('imported')
    const { importKey: _, ...plain } = imported
    expect(await importedKey(algorithm, A, SCOPE, plain)).toEqual(new Uint8Array(1))
    const other: Algorithm = { ...algorithm, deriveKey: () => 'text' }
    expect(await importedKey(other, A, SCOPE, imported)).toBe('text')
  })
})

describe('whether a signature matches', () => {
  const { algorithm } = counted()
  const signing: Algorithm = { ...algorithm, sign: (key, text) => `${key} ${text}` }
  const of = (one: Algorithm, signature: string, crypto: CryptoBackend = backend) =>
    matches(one, 'k', 't', signature, crypto)

  it('is told by signing again', async () => {
    expect(await of(signing, 'k t')).toBe(true)
    expect(await of(signing, 'k T')).toBe(false)
    const plain = { ...backend, equal: undefined } as never
    expect(await of(signing, 'k t', plain)).toBe(true)
    expect(await of(signing, 'k T', plain)).toBe(false)
    expect(await of(signing, '', { ...backend, equal: () => true })).toBe(true)
  })

  it('is what the algorithm says, where it does', async () => {
    const verify: Algorithm['verify'] = (...given) => given.join() === `k,t,s,${backend}`
    expect(await of({ ...signing, verify }, 's')).toBe(true)
    expect(await of({ ...signing, verify }, 'k t')).toBe(false)
  })

  it('is that of SigV4', async () => {
    const signature = hexOf(hmac('key', 'text'))
    expect(await matches(sigv4, 'key', 'text', signature, backend)).toBe(true)
    expect(sigv4.name).toBe('AWS4-HMAC-SHA256')
  })
})
