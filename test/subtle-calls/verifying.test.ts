import {
  type Algorithm,
  createVerifier,
  type DerivedCredentials,
  sign,
  type VerifyOptions,
  verify,
} from 'countersign'
import { derivedCredentials, importCredentials } from 'countersign/credentials'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { arriving, credentials, signing, verifying } from '../verify/common.ts'
import { body, countCalls, DERIVED, other, url, WARM, WITHOUT_BODY } from './common.ts'

const costOf = countCalls()
const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }

const keys = new Map([credentials, other].map((key) => [key.accessKeyId, key]))
const lookup = {
  ...verifying,
  credentials: (id: string) => keys.get(id),
  crypto: web,
} satisfies VerifyOptions
const requestBy = async (credentials: typeof other, more: object = {}) =>
  arriving(await sign({ url, ...more }, { ...signing, credentials }))

describe('a verdict', () => {
  it('of a verifier takes three calls with a body, two without, of each key in turn', async () => {
    const verifier = createVerifier(lookup)
    for (const key of [credentials, other]) {
      const request = await requestBy(key, { body })
      expect(await costOf(() => verifier.verify(request))).toEqual({ digest: 2, ...DERIVED })
    }
    for (const key of [credentials, other, credentials, other]) {
      const [bare, full] = [await requestBy(key), await requestBy(key, { body })]
      expect(await costOf(() => verifier.verify(full))).toEqual(WARM)
      expect(await costOf(() => verifier.verify(bare))).toEqual(WITHOUT_BODY)
      for (const good of [full, bare])
        expect(await verifier.verify(good)).toHaveProperty('ok', true)
      expect(await verifier.verify({ ...full, body: '' })).toHaveProperty('ok', false)
      expect(await verifier.verify({ ...bare, body })).toHaveProperty('ok', false)
    }
  })

  it('of S3 hashes the body once the signature holds, and an empty one never', async () => {
    const verifier = createVerifier({ ...lookup, service: 's3' })
    const options = { ...signing, service: 's3' }
    const [bare, full] = [
      arriving(await sign({ url }, options)),
      arriving(await sign({ url, body }, options)),
    ]
    await verifier.verify(bare)
    expect(await costOf(() => verifier.verify(full))).toEqual(WARM)
    expect(await costOf(() => verifier.verify(bare))).toEqual(WITHOUT_BODY)
    for (const [request, ok] of [
      ...[[full, true] as const, [bare, true] as const],
      ...[[{ ...full, body: '' }, false] as const, [{ ...bare, body }, false] as const],
    ])
      expect(await verifier.verify(request)).toHaveProperty('ok', ok)
  })

  it('without a verifier takes those of its derivation beside', async () => {
    const request = await requestBy(credentials)
    expect(await costOf(() => verify(request, lookup))).toEqual({ digest: 1, ...DERIVED })
  })

  it('of a key in rotation takes those of its trials', async () => {
    const old = { ...credentials, secretAccessKey: 'old' }
    const verifier = createVerifier({ ...lookup, credentials: () => [old, credentials] })
    const requests = [await requestBy(old), await requestBy(credentials)]
    for (const request of requests) await verifier.verify(request)
    for (const [at, request] of [...requests, ...requests].entries())
      expect(await costOf(() => verifier.verify(request))).toEqual({
        ...WITHOUT_BODY,
        sign: 1 + (at % 2),
      })
  })

  it.each([
    ['a derived key', (key: typeof other) => derivedCredentials(key, scope)],
    ['an imported key', (key: typeof other) => importCredentials(key, scope)],
    ['an imported secret', (key: typeof other) => importCredentials(key)],
  ])('by a handle takes as many: %s', async (_, make) => {
    const held = new Map<string, DerivedCredentials>()
    for (const key of [credentials, other])
      held.set(key.accessKeyId, (await make(key)) as DerivedCredentials)
    const verifier = createVerifier({ ...lookup, credentials: (id) => held.get(id) })
    for (const key of [credentials, other]) await verifier.verify(await requestBy(key))
    for (const key of [credentials, other, credentials, other]) {
      const request = await requestBy(key, { body })
      expect(await costOf(() => verifier.verify(request))).toEqual(WARM)
    }
  })

  it('is reached whatever an algorithm makes of a key', async () => {
    const algorithm: Algorithm = {
      name: 'AWS4-HMAC-SHA256',
      deriveKey: ({ accessKeyId }, scope) => `${accessKeyId} ${scope}`,
      sign: (key, text, crypto) => crypto.hmacHex(key as string, text),
    }
    const request = arriving(await sign({ url }, { ...signing, algorithm }))
    const verifier = createVerifier({ ...lookup, algorithm })
    for (let time = 0; time < 2; time++)
      expect(await verifier.verify(request)).toHaveProperty('ok', true)
  })
})
