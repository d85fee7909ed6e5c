import {
  type CryptoBackend,
  createSigner,
  type SigningCredentials,
  type SignOptions,
  sign,
} from 'countersign'
import { derivedCredentials, importCredentials } from 'countersign/credentials'
import { describe, expect, it } from 'vitest'
import { backend as node } from '../../src/crypto/node.ts'
import { backend as web } from '../../src/crypto/web.ts'
import { signingKeyOf } from '../../src/sign/stages.ts'
import { credentials, signing } from '../verify/common.ts'
import { body, countCalls, DERIVED, ofWeb, other, url, WARM, WITHOUT_BODY } from './common.ts'

const costOf = countCalls()
const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }

describe('a signature', () => {
  it('by a signer takes three calls with a body, two without and in a URL', async () => {
    const aws = createSigner(ofWeb)
    expect(await costOf(() => aws.sign({ url, body }))).toEqual({ digest: 2, ...DERIVED })
    expect(await costOf(() => aws.sign({ url, body }))).toEqual(WARM)
    for (const empty of [{}, { body: null }, { body: '' }])
      expect(await costOf(() => aws.sign({ url, ...empty }))).toEqual(WITHOUT_BODY)
    expect(await costOf(() => aws.presign({ url }))).toEqual(WITHOUT_BODY)
  })

  it('is as cheap for S3, whose presigned URLs leave the body out', async () => {
    const aws = createSigner({ ...ofWeb, service: 's3' })
    expect(await costOf(() => aws.presign({ url, body }))).toEqual({ digest: 1, ...DERIVED })
    expect(await costOf(() => aws.presign({ url, body }))).toEqual(WITHOUT_BODY)
    expect(await costOf(() => aws.sign({ url }))).toEqual(WITHOUT_BODY)
    expect(await costOf(() => aws.sign({ url, body }))).toEqual(WARM)
  })

  it('takes no more where scopes and keys alternate', async () => {
    const aws = createSigner(ofWeb)
    const asked: Partial<SignOptions>[] = [{}, { region: 'eu-west-1' }, { credentials: other }]
    for (const more of asked) await aws.sign({ url }, more)
    for (const more of [...asked, ...asked])
      expect(await costOf(() => aws.sign({ url, body }, more))).toEqual(WARM)
  })

  it('without a signer takes those of its derivation beside', async () => {
    expect(await costOf(() => sign({ url, body }, ofWeb))).toEqual({ digest: 2, ...DERIVED })
    expect(await costOf(() => sign({ url }, ofWeb))).toEqual({ digest: 1, ...DERIVED })
  })

  it.each([undefined, null, '', body, new Uint8Array(), new ArrayBuffer(0)])(
    'is what node:crypto makes of a body: %o',
    async (body) => {
      const request = { url, body: body as string }
      const { signature } = await sign(request, signing)
      expect((await createSigner(ofWeb).sign(request)).signature).toBe(signature)
    },
  )
})

describe('a key handle', () => {
  const HANDLES: [string, () => Promise<SigningCredentials>, object][] = [
    ['a derived key', () => derivedCredentials(credentials, scope), { importKey: 1, sign: 1 }],
    ['an imported key', () => importCredentials(credentials, scope), { importKey: 0, sign: 1 }],
    ['an imported secret', () => importCredentials(credentials), { importKey: 4, sign: 5 }],
  ]

  it.each(HANDLES)('is imported once: %s', async (_, make, cold) => {
    const aws = createSigner({ ...ofWeb, credentials: await make() })
    expect(await costOf(() => aws.sign({ url, body }))).toEqual({ digest: 2, ...cold })
    expect(await costOf(() => aws.sign({ url, body }))).toEqual(WARM)
    const { signature } = await sign({ url, body }, signing)
    expect((await aws.sign({ url, body })).signature).toBe(signature)
  })

  it('is known again beside others', async () => {
    const handles = await Promise.all(HANDLES.map(([, make]) => make()))
    const aws = createSigner(ofWeb)
    for (const credentials of handles) await aws.sign({ url }, { credentials })
    for (const credentials of [...handles, ...handles])
      expect(await costOf(() => aws.sign({ url, body }, { credentials }))).toEqual(WARM)
  })

  it('signs for its scope alone, though it is remembered', async () => {
    const derived = await derivedCredentials(credentials, scope)
    const { accessKeyId, signingKey } = derived
    const relabelled = { accessKeyId, signingKey, scope: { ...scope, service: 's3' } }
    const aws = createSigner({ ...ofWeb, credentials: derived })
    await aws.sign({ url })
    for (const more of [{ service: 's3' }, { credentials: relabelled }])
      await expect(aws.sign({ url }, more)).rejects.toMatchObject({ code: 'invalid-scope' })
  })
})

describe('a signing key', () => {
  it('is remembered for the backend that made it', async () => {
    const bytes = (key: unknown): string | Uint8Array => {
      if (typeof key === 'string' || key instanceof Uint8Array) return key
      throw new Error('This backend knows no CryptoKey.')
    }
    const own: CryptoBackend = {
      sha256: node.sha256,
      hmac: (key, data) => node.hmac(bytes(key), data),
      hmacHex: (key, data) => node.hmacHex(bytes(key), data),
    }
    const aws = createSigner(ofWeb)
    const { signature } = await aws.sign({ url })
    for (const crypto of [own, web, own])
      expect((await aws.sign({ url }, { crypto })).signature).toBe(signature)
  })

  it('is 32 bytes where it is asked for itself', async () => {
    const key = await signingKeyOf(credentials, signing, web)
    const expected = await signingKeyOf(credentials, signing, node)
    expect([...key]).toEqual([...expected])
    expect(key).toHaveLength(32)
  })
})
