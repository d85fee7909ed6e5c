import {
  createHash,
  createPrivateKey,
  verify as verifyByNode,
  webcrypto,
  X509Certificate,
} from 'node:crypto'
import { inspect } from 'node:util'
import { createSigner, createVerifier, explain, presign, sign, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { type PrivateKey, x509 } from 'countersign/x509'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { errorOf, expectError } from '../behaviours/common.ts'
import { base64Of, EC_SERIAL, ec, intermediate, RSA_SERIAL, rsa } from './certificates.ts'
import {
  BODY,
  call,
  faultOfSigned,
  HOST,
  signCall,
  signingDate,
  signingWith,
  TARGET,
} from './common.ts'

const QUERY =
  'profileArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Aprofile%2F41c10bae-6783-40d4-ab20-65dc5d922e45' +
  '&roleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2FExampleS3WriteRole' +
  '&trustAnchorArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Atrust-anchor%2F41c10bae-6783-40d4-ab20-65dc5d922e45'
const SCOPE = '20261127/us-east-1/rolesanywhere/aws4_request'
const BODY_HASH = createHash('sha256').update(BODY).digest('hex')

describe("a call as AWS's credential helper signs it", () => {
  it.each([
    ['ECDSA', ec, EC_SERIAL],
    ['RSA', rsa, RSA_SERIAL],
  ])('with a key of %s', async (kind, pair, serial) => {
    const { headers, trace, signature, url } = await signCall(pair)
    const header = base64Of(pair.certificate)
    expect(trace.canonicalRequest.split('\n')).toEqual([
      'POST',
      '/sessions',
      QUERY,
      'content-type:application/json',
      `host:${HOST}`,
      'x-amz-date:20261127T080910Z',
      `x-amz-x509:${header}`,
      '',
      'content-type;host;x-amz-date;x-amz-x509',
      BODY_HASH,
    ])
    expect(trace.stringToSign).toBe(
      [
        `AWS4-X509-${kind}-SHA256`,
        '20261127T080910Z',
        SCOPE,
        createHash('sha256').update(trace.canonicalRequest).digest('hex'),
      ].join('\n'),
    )
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-amz-date': '20261127T080910Z',
      'x-amz-x509': header,
      authorization: `AWS4-X509-${kind}-SHA256 Credential=${serial}/${SCOPE}, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=${signature}`,
    })
    expect(url).toBe(`https://${HOST}${TARGET}`)
    const { publicKey } = new X509Certificate(pair.certificate)
    const text = Buffer.from(trace.stringToSign)
    expect(verifyByNode('sha256', text, publicKey, Buffer.from(signature, 'hex'))).toBe(true)
  })

  it('sends and signs a chain, of one PEM, of several, of DER, or behind the certificate', async () => {
    const one = base64Of(intermediate)
    const der = Buffer.from(one, 'base64')
    const chains: [chain: NonNullable<Parameters<typeof x509>[0]['chain']>, sent: string][] = [
      [intermediate, one],
      [der, one],
      [intermediate + intermediate, `${one},${one}`],
      [[intermediate, der], `${one},${one}`],
    ]
    for (const [chain, sent] of chains) {
      const signed = await signCall({ ...ec, chain })
      expect(signed.headers['x-amz-x509-chain']).toBe(sent)
      expect(signed.trace.signedHeaders).toContain('x-amz-x509-chain')
      expect(signed.trace.canonicalRequest).toContain(`\nx-amz-x509-chain:${sent}\n`)
      expect(faultOfSigned(signed)).toBeUndefined()
    }
    const whole = { ...ec, certificate: ec.certificate + intermediate }
    expect((await signCall(whole)).headers['x-amz-x509-chain']).toBe(one)
    expect((await signCall({ ...whole, chain: [] })).headers).not.toHaveProperty('x-amz-x509-chain')
  })

  it('is judged by a fault where anything of it is changed', async () => {
    const signed = await signCall({ ...rsa, chain: intermediate })
    expect(faultOfSigned(signed)).toBeUndefined()
    const changed = { ...signed.headers, 'x-amz-x509-chain': base64Of(ec.certificate) }
    expect(faultOfSigned({ ...signed, headers: changed })).toBe('signature')
    const other = { ...signed.headers, 'x-amz-x509': base64Of(ec.certificate) }
    expect(faultOfSigned({ ...signed, headers: other })).toBe('serial number')
  })
})

const imported = (
  pem: string,
  algorithm: Parameters<typeof webcrypto.subtle.importKey>[2],
  uses: ('sign' | 'verify')[] = ['sign'],
) =>
  webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }),
    algorithm,
    false,
    uses,
  )
const P256 = { name: 'ECDSA', namedCurve: 'P-256' }
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

describe('a private key', () => {
  const forms = (pem: string): Record<string, PrivateKey> => {
    const key = createPrivateKey(pem)
    const own = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1'
    return {
      'as it is': pem,
      'PKCS #8': key.export({ format: 'pem', type: 'pkcs8' }),
      'PKCS #8 in DER': key.export({ format: 'der', type: 'pkcs8' }),
      'its own form in DER': key.export({ format: 'der', type: own as 'sec1' }),
      'the bytes of a PEM file': Buffer.from(pem),
      'PEM with CRLF and words around it': `Bag Attributes\r\n${pem.replace(/\n/g, '\r\n')}\r\n`,
      'PEM behind the certificate and parameters': `${ec.certificate}-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem}`,
      'a KeyObject': key,
    }
  }

  it.each([
    ['P-256', ec],
    ['RSA', rsa],
  ])('of %s is read in every form', async (_, pair) => {
    for (const [form, privateKey] of Object.entries(forms(pair.privateKey)))
      expect(faultOfSigned(await signCall({ ...pair, privateKey })), form).toBeUndefined()
  })

  it('may be a CryptoKey that cannot be extracted', async () => {
    for (const [pair, algorithm] of [
      [ec, P256],
      [rsa, RSA],
    ] as const) {
      const privateKey = await imported(pair.privateKey, algorithm)
      expect(privateKey.extractable).toBe(false)
      expect(faultOfSigned(await signCall({ ...pair, privateKey }))).toBeUndefined()
    }
  })

  it('of another certificate, or that cannot sign so, is told before anything is sent', async () => {
    const other = createPrivateKey({ key: ec.privateKey })
    const { privateKey: fresh } = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
    const wrong: [typeof ec, PrivateKey][] = [
      [ec, fresh],
      [ec, Buffer.from(await webcrypto.subtle.exportKey('pkcs8', fresh))],
      [ec, rsa.privateKey],
      [rsa, other],
      [rsa, await imported(rsa.privateKey, { name: 'RSA-PSS', hash: 'SHA-256' })],
      [rsa, await imported(rsa.privateKey, { ...RSA, hash: 'SHA-384' })],
      [
        ec,
        await imported(ec.privateKey, { name: 'ECDH', namedCurve: 'P-256' }, [
          'deriveBits',
        ] as never),
      ],
      [ec, { type: 'private', extractable: false }],
    ]
    for (const [{ certificate }, privateKey] of wrong) {
      const signing = signingWith({ certificate, privateKey })
      for (let round = 0; round < 2; round++)
        await expectError(() => sign(call, signing), 'invalid-credentials', /privateKey of this/)
    }
  })

  it('that is encrypted is refused, with how to decrypt it', async () => {
    for (const pair of [ec, rsa])
      for (const [format, type] of [
        ['pem', 'pkcs8'],
        ['der', 'pkcs8'],
        ['pem', 'own'],
      ] as const) {
        const key = createPrivateKey(pair.privateKey)
        const own = pair === ec ? 'sec1' : 'pkcs1'
        const privateKey = key.export({
          ...{ format: format as 'pem', type: type === 'own' ? (own as 'sec1') : type },
          ...{ cipher: 'aes-256-cbc', passphrase: 'open sesame' },
        })
        await expectError(
          () => x509({ ...pair, privateKey }),
          'invalid-credentials',
          /decrypted, as openssl pkey/,
        )
        const decrypted = createPrivateKey({
          ...{ key: privateKey, passphrase: 'open sesame' },
          ...(format === 'der' && { format, type: 'pkcs8' as const }),
        })
        expect(faultOfSigned(await signCall({ ...pair, privateKey: decrypted }))).toBeUndefined()
      }
  })

  it('must be a private one', async () => {
    const { publicKey } = new X509Certificate(ec.certificate)
    const { publicKey: ofWeb } = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
    for (const privateKey of [publicKey, ofWeb, ec.certificate, '', {}, null, undefined, 7])
      await expectError(
        () => x509({ ...ec, privateKey: privateKey as PrivateKey }),
        'invalid-credentials',
        /PKCS #8/,
      )
  })
})

describe('an algorithm of a certificate', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('shows no key, whatever is asked', async () => {
    const pem = createPrivateKey(ec.privateKey).export({ format: 'pem', type: 'pkcs8' }) as string
    const algorithm = x509({ ...ec, privateKey: pem })
    const options = signingWith({ ...ec, privateKey: pem })
    const signer = createSigner(options)
    await signer.sign(call)
    const secret = createPrivateKey(pem).export({ format: 'jwk' }).d as string
    const bytes = Buffer.from(secret, 'base64url')
    const shown = [algorithm, options, signer].flatMap((it) => [
      JSON.stringify(it),
      inspect(it, { depth: 9, showHidden: true }),
    ])
    expect(shown[0]).toBe(
      `{"name":"AWS4-X509-ECDSA-SHA256","credentials":{"accessKeyId":"${EC_SERIAL}","signingKey":{"extractable":false}}}`,
    )
    for (const text of shown)
      for (const form of [
        pem.slice(60, 90),
        secret,
        bytes.toString('hex'),
        bytes.toString('base64'),
        bytes.join(', '),
      ])
        expect(text).not.toContain(form)
  })

  it('shows no key in an error either', async () => {
    const broken = ec.privateKey.replace(/\n(.{8})/, '\n$1$1')
    const error = await errorOf(async () => signCall({ ...ec, privateKey: broken }))
    expect(error.code).toBe('invalid-credentials')
    for (const text of [String(error), error.stack, inspect(error, { showHidden: true })])
      expect(text).not.toContain(ec.privateKey.split('\n')[1]?.slice(0, 20))
  })

  it('serves a signer, which loads the key once', async () => {
    const importKey = vi.spyOn(webcrypto.subtle, 'importKey')
    const signer = createSigner(signingWith(ec))
    const all = await Promise.all([1, 2, 3].map(() => signer.sign(call)))
    expect(all.map(faultOfSigned)).toEqual([undefined, undefined, undefined])
    expect(importKey.mock.calls.map(([format]) => format)).toEqual(['spki', 'pkcs8'])
    importKey.mockRestore()
  })

  it('never touches what it was given, and overrides a certificate that was sent already', async () => {
    const headers = { 'X-Amz-X509': 'old' }
    const signed = await sign({ ...call, headers }, signingWith(ec))
    expect(headers).toEqual({ 'X-Amz-X509': 'old' })
    expect(signed.headers['x-amz-x509']).toBe(base64Of(ec.certificate))
  })

  it('signs a URL too, with the certificate among what must still be sent', async () => {
    const signed = await presign({ url: `https://${HOST}/sessions` }, signingWith(ec))
    expect(signed.headers).toEqual({ 'x-amz-x509': base64Of(ec.certificate) })
    const parameters = new URL(signed.url).searchParams
    expect(parameters.get('X-Amz-Algorithm')).toBe('AWS4-X509-ECDSA-SHA256')
    expect(parameters.get('X-Amz-SignedHeaders')).toBe('host;x-amz-x509')
    const { publicKey } = new X509Certificate(ec.certificate)
    const signature = Buffer.from(parameters.get('X-Amz-Signature') ?? '', 'hex')
    const text = Buffer.from(signed.trace.stringToSign)
    expect(verifyByNode('sha256', text, publicKey, signature)).toBe(true)
  })

  it('needs a region, and its own credentials', async () => {
    const signing = signingWith(ec)
    const unscoped = { ...signing, region: undefined as unknown as string }
    await expectError(() => sign(call, unscoped), 'invalid-scope', /region/)
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
    await expectError(
      () => sign(call, { ...signing, credentials }),
      'invalid-credentials',
      /credentials of the algorithm/,
    )
  })

  it('has credentials that sign with nothing else', async () => {
    const { algorithm: _, ...without } = signingWith(ec)
    await expectError(() => sign(call, without), 'invalid-options', /algorithm of x509/)
    await expectError(
      () => createSigner(without).sign(call),
      'invalid-options',
      /algorithm of x509/,
    )
  })

  it('is not synchronous', () => {
    const options = signingWith(ec)
    expect(() => sync.sign(call, options as never)).toThrow(
      expect.objectContaining({ code: 'not-synchronous' }),
    )
  })

  it.each([undefined, {}])('says what is missing where crypto is %j', async (crypto) => {
    vi.stubGlobal('crypto', crypto)
    await expectError(() => x509(ec), 'crypto-unavailable', /https/)
  })

  it('says so where the platform lacks the curve', async () => {
    const lacks = () => Promise.reject(new DOMException('no such curve', 'NotSupportedError'))
    vi.stubGlobal('crypto', { subtle: { importKey: lacks } })
    const signing = signingWith(ec)
    await expectError(() => sign(call, signing), 'crypto-unavailable', /curve/)
  })
})

describe('whoever verifies', () => {
  const lookup = vi.fn()
  const algorithm = x509(ec)
  const options = { service: 'rolesanywhere', credentials: lookup, now: signingDate }

  it.each([
    ['alone', algorithm],
    ['beside another', [algorithm]],
  ])('is refused the algorithm at once, %s, and not by a request', async (_, algorithm) => {
    const wrong = { ...options, algorithm }
    const unsigned = { method: 'GET', url: '/', headers: { host: HOST } }
    const told = expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringMatching(/another algorithm to verify/),
    })
    await expect(verify(unsigned, wrong)).rejects.toEqual(told)
    expect(() => createVerifier(wrong)).toThrow(told)
    await expect(createVerifier(options).verify(unsigned, { algorithm })).rejects.toEqual(told)
    await expect(explain(unsigned, wrong)).rejects.toEqual(told)
    expect(() => sync.createVerifier(wrong as never)).toThrow(told)
    expect(lookup).not.toHaveBeenCalled()
  })

  it('lets nobody in by it, where it is given all the same', async () => {
    const { refuse: _, ...forced } = algorithm
    const credentials = () => ({ ...algorithm.credentials, secretAccessKey: '-' })
    const signed = await signCall(ec)
    await expectError(
      () => verify(signed, { ...options, credentials, algorithm: forced }),
      'invalid-options',
      /signing alone/,
    )
  })

  it('of SigV4 refuses a request that is signed so', async () => {
    const result = await verify(await signCall(ec), options)
    expect(result.ok || result.reason).toBe('unsupported-algorithm')
  })
})

describe('explain, of a call that a certificate signed', () => {
  it('ends, whatever the answer', async () => {
    const serverError = '{"message":"Unable to verify signature"}'
    const error = await errorOf(() => explain(call, { ...signingWith(ec), serverError }))
    expect(error).toMatchObject({ name: 'CountersignError', code: 'invalid-options' })
  })
})
