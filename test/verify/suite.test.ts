import { type CryptoBackend, createVerifier, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend as js } from '../../src/crypto/js.ts'
import { backend as web } from '../../src/crypto/web.ts'
import { s3Examples } from '../vectors.ts'
import { accepted, received, suiteReceived, verdict } from './common.ts'

describe("AWS's signing test suite v4, read backwards", () => {
  it('has 38 cases in two placements', () => {
    expect(suiteReceived).toHaveLength(38 * 2)
  })

  it.each(suiteReceived)('$name is accepted', async ({ message, options, placement, signing }) => {
    const verified = accepted(await verify(received(message), options as VerifyOptions))
    const { want } = signing
    const { credentials, expiresIn } = signing.options
    const signedAt = signing.options.signingDate as Date
    const seconds = placement === 'query' ? (expiresIn as number) : 900
    expect(verified).toMatchObject({
      accessKeyId: credentials.accessKeyId,
      scope: { date: '20150830', region: 'us-east-1', service: 'service' },
      host: 'example.amazonaws.com',
      placement,
      signedAt,
      expiresAt: new Date(Number(signedAt) + seconds * 1000),
      payload: 'verified',
    })
    expect(verified.credentials).toEqual(credentials)
    expect(verified.trace).toMatchObject({
      canonicalRequest: want.canonicalRequest,
      stringToSign: want.stringToSign,
      signature: want.signature,
    })
  })

  it.each(suiteReceived)(
    '$name is refused with another secret',
    ({ message, options, signing }) => {
      const credentials = { ...signing.options.credentials, secretAccessKey: 'another' }
      const result = sync.verify(received(message), { ...options, credentials: () => credentials })
      expect(verdict(result)).toBe('signature-mismatch')
    },
  )
})

type Verdicts = (good: (typeof suiteReceived)[number]) => Promise<string> | string

const withBackend =
  (crypto: CryptoBackend): Verdicts =>
  async ({ message, options }) =>
    verdict(await verify(received(message), { ...(options as VerifyOptions), crypto }))

describe.each<[string, Verdicts]>([
  ['countersign/sync', ({ message, options }) => verdict(sync.verify(received(message), options))],
  [
    'a verifier',
    async ({ message, options }) =>
      verdict(await createVerifier(options as VerifyOptions).verify(received(message))),
  ],
  ['the web backend', withBackend(web)],
  ['the js backend', withBackend(js as CryptoBackend)],
])('the same verdicts come from %s', (_, verdictOf) => {
  it.each(suiteReceived)('$name', async (good) => {
    expect(await verdictOf(good)).toBe('accepted')
  })
})

describe("the worked examples of S3's documentation, read backwards", () => {
  const { credentials, region, cases } = s3Examples
  const now = new Date('2013-05-24T00:00:00Z')
  const examples = cases.filter(({ name }) => name !== 'post-policy')

  it.each(examples)(
    '$name is accepted',
    async ({ method, url, headers, body = '', ...example }) => {
      const { name, canonicalRequest, signature, presign } = example
      const { host, pathname, search } = new URL(url)
      const [query, names] = [2, -2].map((at) => canonicalRequest.split('\n').at(at))
      const credential = `${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request`
      const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`
      const result = await verify(
        presign
          ? { method, url: `${pathname}?${query}&X-Amz-Signature=${signature}`, headers: { host } }
          : { method, url: pathname + search, headers: { host, ...headers, authorization }, body },
        { service: 's3', region, credentials: () => credentials, now },
      )
      const payload = name.startsWith('chunked') ? 'streaming' : presign ? 'unsigned' : 'verified'
      expect(accepted(result)).toMatchObject({ payload, trace: { canonicalRequest } })
    },
  )
})
