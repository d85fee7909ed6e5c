import { inspect } from 'node:util'
import {
  awsError,
  createSigner,
  createVerifier,
  explain,
  type Refused,
  type VerifyOptions,
  verify,
} from 'countersign'
import { derivedCredentials } from 'countersign/credentials'
import { sigv4a } from 'countersign/sigv4a'
import { deriveSigningKey, type SyncSignOptions, sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend } from '../../src/crypto/node.ts'
import { equalConstantTime } from '../../src/lib/constant-time.ts'
import { arriving, signing, verdict, verifying } from '../verify/common.ts'

const SECRET = 'wJalrRECOGNISABLE/secret+KEY'
const TOKEN = 'FwoRECOGNISABLE//token+IQ=='
const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN }
const options = { ...verifying, credentials: () => credentials }
const url = 'https://abc.example.com/a'

const signed = (more: Partial<SyncSignOptions> = {}) =>
  arriving(sign({ url }, { ...signing, credentials, ...more }))
const judge = async (request: ReturnType<typeof signed>, more: Partial<VerifyOptions> = {}) =>
  verdict(await verify(request, { ...options, ...more }))

describe('a key opens only its scope', () => {
  it('the service is always checked', async () => {
    for (const service of ['s3', 'sts', 'EXECUTE-API'])
      expect(await judge(signed({ service }))).toBe('scope-mismatch')
    expect(await judge(signed())).toBe('accepted')
  })

  it('the region and the algorithm where you expect them', async () => {
    const elsewhere = signed({ region: 'eu-west-1' })
    expect(await judge(elsewhere)).toBe('scope-mismatch')
    const { region: _, ...anywhere } = options
    expect(verdict(await verify(elsewhere, anywhere))).toBe('accepted')
    const curve = signed({ algorithm: sigv4a, regionSet: '*' })
    expect(await judge(curve)).toBe('unsupported-algorithm')
    expect(await judge(curve, { algorithm: [sigv4a] })).toBe('accepted')
    expect(await judge(signed(), { algorithm: sigv4a })).toBe('unsupported-algorithm')
  })

  it('the day always', async () => {
    const request = signed()
    const authorization = `${request.headers.authorization}`.replace('/20150830/', '/20150829/')
    expect(await judge({ ...request, headers: { ...request.headers, authorization } })).toBe(
      'scope-mismatch',
    )
    // A key that is held for another day than the request's.
    const held = await derivedCredentials(credentials, { ...signing, date: '20150829' })
    expect(await judge(request, { credentials: () => held })).toBe('scope-mismatch')
  })
})

describe('timing', () => {
  it('signatures and session tokens are compared in constant time', async () => {
    // Every character is looked at, wherever the first difference is.
    const looked: number[] = []
    const watched = (text: string) =>
      ({
        length: text.length,
        charCodeAt(at: number) {
          looked.push(at)
          return text.charCodeAt(at)
        },
      }) as unknown as string
    for (const other of ['abcdef', 'Xbcdef', 'abcdeX']) {
      looked.length = 0
      equalConstantTime(watched('abcdef'), other)
      expect(looked).toEqual([0, 1, 2, 3, 4, 5])
    }
    // And verify compares both by that function, or by the backend's own.
    const compared: string[][] = []
    const crypto = {
      ...backend,
      equal(a: string, b: string) {
        compared.push([a, b])
        return equalConstantTime(a, b)
      },
    }
    const request = signed()
    await judge(request, { crypto })
    const { signature } = sign({ url }, { ...signing, credentials })
    expect(compared.some(([a, b]) => a === signature && b === signature)).toBe(true)
    const compares = compared.length
    const headers = { ...request.headers, 'x-amz-security-token': 'another' }
    expect(await judge({ ...request, headers }, { crypto })).toBe('invalid-session-token')
    expect(compared.length).toBeGreaterThan(compares)
  })
})

/** All that a log or a debugger would show. */
const textsOf = (value: unknown): string =>
  [
    String(value),
    inspect(value, { depth: Infinity, showHidden: true }),
    JSON.stringify(value),
  ].join()

describe('secrets stay inside', async () => {
  const signingKey = deriveSigningKey(SECRET, signing)
  const request = signed()
  const wrong = { ...request, url: '/b' }
  const { signature: expected } = sign(
    { url: `${url.slice(0, -2)}/b` },
    { ...signing, credentials },
  )
  const refused = (await verify(wrong, options)) as Refused

  it('no secret, session token, derived key or signature in an error, a refusal, an explanation', async () => {
    const sent = sign({ url }, { ...signing, credentials }).signature
    const forms = [
      SECRET,
      TOKEN,
      encodeURIComponent(TOKEN),
      Buffer.from(signingKey).toString('hex'),
    ]
    const errors: unknown[] = []
    for (const call of [
      () => sign({ url: 'no url' }, { ...signing, credentials }),
      () => sign({ url }, { ...signing, credentials: { ...credentials, accessKeyId: '' } }),
      () => sign({ url, headers: { a: '\n' } }, { ...signing, credentials }),
    ])
      try {
        errors.push(call())
      } catch (error) {
        errors.push(error)
      }
    const shown = [...errors, refused, await explain(wrong, options)]
    shown.push(createSigner({ ...signing, credentials }), createVerifier(options))
    for (const value of shown) for (const form of forms) expect(textsOf(value)).not.toContain(form)
    expect(String(await explain(wrong, options))).not.toContain(sent)
  })

  it('the signature that was expected is shown to nobody', async () => {
    const texts = (['s3', 'json', 'query'] as const).map((it) => awsError(refused, it).body)
    texts.push(textsOf(refused), textsOf(await explain(wrong, options)))
    expect(refused.reason).toBe('signature-mismatch')
    for (const text of texts) expect(text).not.toContain(expected)
  })
})
