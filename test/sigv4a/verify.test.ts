import { p256 } from '@noble/curves/nist.js'
import {
  createReplayGuard,
  createSigner,
  createVerifier,
  explain,
  type PresignOptions,
  presign,
  type ReceivedRequest,
  type SignedRequest,
  sign,
  type VerifyOptions,
  verify,
} from 'countersign'
import { sigv4a, sigv4aWith } from 'countersign/sigv4a'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { formatDer, parseDer } from '../../src/algorithms/sigv4a/der.ts'
import { backend as js } from '../../src/crypto/js.ts'
import { backend } from '../../src/crypto/node.ts'
import { credentials, hexOf } from './keys.ts'

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const signingDate = new Date('2015-08-30T12:36:00Z')
const request = { url: 'https://example.com/a%20b?c=d', headers: { 'x-note': 'one' } }
const signing = {
  service: 'execute-api',
  regionSet: 'us-west-*',
  algorithm: sigv4a,
  credentials,
  signingDate,
}
const verifying: VerifyOptions = {
  service: 'execute-api',
  algorithm: sigv4a,
  credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
  now: signingDate,
}

const received = ({ method, url, headers }: SignedRequest): ReceivedRequest => {
  const { host, pathname, search } = new URL(url)
  return { method, url: pathname + search, headers: { host, ...headers } }
}

const inHeader = async (more: object = {}) => received(await sign(request, { ...signing, ...more }))
const inQuery = async (more: object = {}) =>
  received(await presign(request, { ...signing, ...more } as PresignOptions))

/** The request with a header changed; undefined takes it away. */
const withHeader = (it: ReceivedRequest, name: string, value: string | undefined) => ({
  ...it,
  headers: { ...(it.headers as Record<string, string>), [name]: value },
})

const authorization = (it: ReceivedRequest, change: (text: string) => string) =>
  withHeader(
    it,
    'authorization',
    change((it.headers as Record<string, string>).authorization ?? ''),
  )

describe('the regions of a signature', () => {
  it.each([
    ['*', 'eu-west-1', true],
    ['us-west-*', 'us-west-2', true],
    ['us-west-*', 'us-east-1', false],
    [['us-east-1', 'eu-*'], 'eu-central-1', true],
    [['us-east-1', 'eu-*'], 'us-east-2', false],
    ['us-east-1,eu-*', ['us-east-2', 'eu-west-3'], true],
    ['us-east-1,eu-*', ['us-east-2', 'sa-east-1'], false],
    ['us-east-1', [], false],
    ['us-east-1', undefined, true],
  ])('%j, verified in %j: %s', async (regionSet, region, ok) => {
    for (const make of [inHeader, inQuery]) {
      const result = await verify(await make({ regionSet }), { ...verifying, region })
      expect(result).toMatchObject(ok ? { ok } : { ok, reason: 'scope-mismatch', status: 400 })
      if (result.ok) expect(result.scope.regionSet).toEqual([regionSet].flat().join().split(','))
    }
  })

  it('are the region alone, where only one is given', async () => {
    const signed = await sign(request, { ...signing, regionSet: undefined, region: 'eu-west-1' })
    expect(signed.headers['x-amz-region-set']).toBe('eu-west-1')
  })

  it('must be told, and have a form', async () => {
    for (const regionSet of ['', [], 'a b', 'a\r\nb'])
      await expect(sign(request, { ...signing, regionSet })).rejects.toMatchObject({
        code: 'invalid-scope',
      })
    // @ts-expect-error -- neither region nor set
    await expect(sign(request, { ...signing, regionSet: undefined })).rejects.toMatchObject({
      code: 'invalid-scope',
    })
  })

  it('stand in the query of a presigned URL as AWS spells them, and not in a header', async () => {
    const { url, headers } = await presign(request, { ...signing, regionSet: ['us-east-1', '*-2'] })
    expect(url.match(/X-Amz-Region-Set=[^&]*/gi)).toEqual(['X-Amz-Region-Set=us-east-1%2C%2A-2'])
    expect(headers).not.toHaveProperty('x-amz-region-set')
  })

  it('are what the options say, whatever the header of the caller says', async () => {
    const told = { ...request, headers: { 'X-Amz-Region-Set': '*' } }
    const signed = await sign(told, signing)
    expect(signed.headers['x-amz-region-set']).toBe('us-west-*')
    const { url } = await presign(told, signing)
    expect(url.match(/X-Amz-Region-Set=[^&]*/gi)).toEqual(['X-Amz-Region-Set=us-west-%2A'])
  })

  it('are refused when changed, taken away or left unsigned', async () => {
    const header = await inHeader()
    const query = await inQuery()
    const verdict = async (it: ReceivedRequest, more: Partial<VerifyOptions> = {}) => {
      const result = await verify(it, { ...verifying, ...more })
      return result.ok ? 'ok' : result.reason
    }
    const name = 'x-amz-region-set'
    expect(await verdict(withHeader(header, name, '*'))).toBe('signature-mismatch')
    expect(await verdict(withHeader(header, name, undefined))).toBe('malformed-authorization')
    expect(await verdict(withHeader(header, name, ''))).toBe('malformed-authorization')
    const unsigned = authorization(header, (text) => text.replace(`;${name}`, ''))
    expect(await verdict(unsigned)).toBe('unsigned-headers')
    // Not even where the caller would tolerate it: the set says where the signature holds.
    expect(await verdict(unsigned, { toleratedUnsignedHeaders: [name] })).toBe('unsigned-headers')

    const change = (to: string) => ({
      ...query,
      url: query.url.replace(/&X-Amz-Region-Set=[^&]*/, to),
    })
    expect(await verdict(change('&X-Amz-Region-Set=%2A'))).toBe('signature-mismatch')
    expect(await verdict(change(''))).toBe('malformed-authorization')
    expect(await verdict(change('&X-Amz-Region-Set=us-west-%2A&X-Amz-Region-Set=%2A'))).toBe(
      'malformed-authorization',
    )
    // The header is not what a presigned URL is judged by.
    expect(await verdict(withHeader(change(''), name, '*'))).toBe('malformed-authorization')
  })
})

describe('the signature', () => {
  const signatureOf = (it: ReceivedRequest): string =>
    /Signature=(\w+)/.exec((it.headers as Record<string, string>).authorization ?? '')?.[1] ?? ''
  const resigned = (it: ReceivedRequest, change: (signature: string) => string) =>
    authorization(it, (text) =>
      text.replace(/Signature=\w+/, () => `Signature=${change(signatureOf(it))}`),
    )
  const otherS = (der: string): string => {
    const digits = hexOf(parseDer(der) ?? new Uint8Array())
    const s = (N - BigInt(`0x${digits.slice(64)}`)).toString(16).padStart(64, '0')
    return formatDer(Buffer.from(digits.slice(0, 64) + s, 'hex'))
  }

  it('may have either s, as AWS takes both, and is one request to a replay guard', async () => {
    const replayGuard = createReplayGuard({ now: () => signingDate })
    const first = await inHeader()
    const second = resigned(first, otherS)
    expect(signatureOf(second)).not.toBe(signatureOf(first))
    expect(await verify(second, verifying)).toMatchObject({ ok: true })
    const guarded = { ...verifying, replayGuard }
    expect(await verify(first, guarded)).toMatchObject({ ok: true })
    expect(await verify(second, guarded)).toMatchObject({ ok: false, reason: 'replayed' })
  })

  it.each([
    ['in upper case', (der: string) => der.toUpperCase(), 'malformed-authorization'],
    // Malformed, but where r happens to begin as DER does.
    ['as r and s', (der: string) => hexOf(parseDer(der) as Uint8Array), 'signature-mismatch'],
    ['of SigV4', () => 'ab'.repeat(32), 'malformed-authorization'],
    ['with more behind it', (der: string) => `${der}00`, 'signature-mismatch'],
    ['of zeros', () => '3006020100020100', 'signature-mismatch'],
    ['of the long form', (der: string) => `3081${der.slice(2)}`, 'signature-mismatch'],
  ])('%s is refused', async (_name, change, reason) => {
    for (const algorithm of [sigv4a, sigv4aWith(p256)])
      expect(
        await verify(resigned(await inHeader(), change), { ...verifying, algorithm }),
      ).toMatchObject({
        ok: false,
        reason: expect.stringMatching(new RegExp(`${reason}|malformed`)),
      })
  })

  it('is refused for another header, path, method, body and time', async () => {
    const it_ = await inHeader()
    for (const changed of [
      withHeader(it_, 'x-note', 'two'),
      { ...it_, url: '/a%20b?c=e' },
      { ...it_, method: 'POST' },
      { ...it_, body: 'body' },
    ])
      expect(await verify(changed, verifying)).toMatchObject({ reason: 'signature-mismatch' })
    const late = new Date(Number(signingDate) + 901_000)
    expect(await verify(it_, { ...verifying, now: late })).toMatchObject({ reason: 'clock-skew' })
  })

  it('names no signature that was expected', async () => {
    const refused = await verify(withHeader(await inHeader(), 'x-note', 'two'), verifying)
    expect(JSON.stringify(refused)).not.toMatch(/"signature":|30[\da-f]{130}/)
  })

  it('is taken by the algorithms that the verifier names, and no others', async () => {
    const both = { ...verifying, algorithm: [sigv4, sigv4a] }
    const hmac = received(
      await sign(request, { ...signing, algorithm: sigv4, region: 'us-west-2' }),
    )
    expect(await verify(await inHeader(), both)).toMatchObject({ ok: true })
    expect(await verify(hmac, both)).toMatchObject({ ok: true, scope: { region: 'us-west-2' } })
    expect(await verify(hmac, verifying)).toMatchObject({ reason: 'unsupported-algorithm' })
    expect(await verify(await inHeader(), { ...verifying, algorithm: sigv4 })).toMatchObject({
      reason: 'unsupported-algorithm',
    })
    const renamed = authorization(hmac, (text) => text.replace(sigv4.name, sigv4a.name))
    expect(await verify(renamed, both)).toMatchObject({ reason: 'malformed-authorization' })
  })
})

describe('the key', () => {
  const counting = () => {
    let count = 0
    const hmac: typeof backend.hmac = (...given) => {
      count++
      return backend.hmac(...given)
    }
    return { crypto: { ...backend, hmac }, count: () => count }
  }

  it('is derived once by a signer and by a verifier', async () => {
    const { crypto, count } = counting()
    const signer = createSigner({ ...signing, crypto })
    const requests = [
      await signer.sign(request),
      await signer.presign(request),
      await signer.sign(request),
    ]
    expect(count()).toBe(1)
    const verifier = createVerifier({ ...verifying, crypto })
    for (const it of requests)
      expect(await verifier.verify(received(it))).toMatchObject({ ok: true })
    expect(count()).toBe(2)
  })

  it('is of its key id: two ids with one secret have two keys', async () => {
    const other = { ...credentials, accessKeyId: 'AKIDANOTHER' }
    const signer = createSigner(signing)
    const verifier = createVerifier({
      ...verifying,
      credentials: (accessKeyId) => ({ ...credentials, accessKeyId }),
    })
    for (const credentials of [undefined, other, undefined, other]) {
      const signed = await signer.sign(request, { ...(credentials && { credentials }) })
      expect(await verifier.verify(received(signed))).toMatchObject({ ok: true })
    }
  })

  it('is refused where it is unknown, and where its token is another', async () => {
    const unknown = await inHeader({ credentials: { ...credentials, accessKeyId: 'AKIDUNKNOWN' } })
    expect(await verify(unknown, verifying)).toMatchObject({ reason: 'unknown-access-key' })
    const temporary = { ...credentials, sessionToken: 'a token/+=' }
    for (const make of [inHeader, inQuery]) {
      const it_ = await make({ credentials: { ...temporary, sessionToken: 'token/+=' } })
      const keys = {
        ...verifying,
        credentials: () => ({ ...credentials, sessionToken: 'token/+=' }),
      }
      expect(await verify(it_, keys)).toMatchObject({ ok: true })
      expect(await verify(it_, verifying)).toMatchObject({ reason: 'invalid-session-token' })
    }
  })

  it('is no derived key of SigV4, which says so and opens nothing', async () => {
    const scope = { date: '20150830', region: 'us-west-2', service: 'execute-api' }
    const derived = { accessKeyId: 'AKIDEXAMPLE', signingKey: new Uint8Array(32), scope }
    await expect(sign(request, { ...signing, credentials: derived })).rejects.toMatchObject({
      code: 'invalid-credentials',
    })
    const held = { ...verifying, credentials: () => derived }
    expect(await verify(await inHeader(), held)).toMatchObject({ reason: 'scope-mismatch' })
  })
})

describe('with countersign/sync', () => {
  it.each([
    ['the platform', sigv4a],
    ['a curve', sigv4aWith(p256)],
  ])('%s signs and verifies at once', (_name, algorithm) => {
    const options = { ...signing, algorithm, crypto: js }
    for (const signed of [sync.sign(request, options), sync.presign(request, options)])
      expect(
        sync.verify(received(signed), {
          ...{ service: 'execute-api', region: 'us-west-1', now: signingDate, algorithm },
          credentials: () => credentials,
        }),
      ).toMatchObject({ ok: true })
  })

  it('a curve signs the same each time', () => {
    const options = { ...signing, algorithm: sigv4aWith(p256) }
    expect(sync.sign(request, options)).toEqual(sync.sign(request, options))
  })
})

describe('explain', () => {
  it('proves a request that matches, and one whose body was changed', async () => {
    expect(await explain(await inHeader(), verifying)).toMatchObject({ matches: true })
    const late = new Date(Number(signingDate) + 1e7)
    expect(await explain(await inHeader(), { ...verifying, now: late })).toMatchObject({
      matches: false,
    })
  })

  it('proves a secret with a blank behind it', async () => {
    const blank = { ...credentials, secretAccessKey: `${credentials.secretAccessKey} ` }
    const why = await explain(await inHeader({ credentials: blank }), verifying)
    expect(why).toMatchObject({ matches: false, certain: true })
  })
})
