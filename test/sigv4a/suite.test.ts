import { createPublicKey, verify as verifies } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { presign, type SignedRequest, sign, stringToSign, verify } from 'countersign'
import { sigv4a, sigv4aWith } from 'countersign/sigv4a'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { readMessage, type Stages } from '../suite.ts'
import { type SuiteV4aCase, suiteV4a } from '../vectors.ts'
import { crt, crtVerifies } from './crt.ts'

/** Whether OpenSSL holds a DER signature for one of a public point. */
function holds({ X, Y }: SuiteV4aCase['publicKey'], text: string, signature: string): boolean {
  const [x, y] = [X, Y].map((digits) => Buffer.from(digits, 'hex').toString('base64url'))
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y } as never, format: 'jwk' })
  const der = Buffer.from(signature, 'hex')
  return verifies('sha256', Buffer.from(text), { key, dsaEncoding: 'der' }, der)
}

const PLACEMENTS = ['header', 'query'] as const
const rows = suiteV4a.flatMap((it) =>
  PLACEMENTS.map((placement) => [it.name, placement, it] as const),
)

/** The signature that the suite's signed request carries: another one than its `signature`. */
const carried = ({ signedRequest }: Stages): string =>
  /Signature=([\da-f]+)/.exec(signedRequest)?.[1] ?? ''

const ALGORITHMS = [
  ['platform', sigv4a],
  ['curve', sigv4aWith(p256)],
] as const

it('has 38 cases', () => {
  expect(suiteV4a).toHaveLength(38)
})

describe.each(rows)('%s, %s', (_name, placement, it_) => {
  const { context, publicKey } = it_
  const { request, options, want } = it_[placement]
  const known = { ...options, region: undefined, regionSet: context.region }
  const run = (algorithm: typeof sigv4a): Promise<SignedRequest> =>
    (placement === 'header' ? sign : presign)(request, { ...known, algorithm })

  it.each(ALGORITHMS)('canonical request and string to sign, by %s', async (_by, algorithm) => {
    const { trace } = await run(algorithm)
    expect(trace.canonicalRequest).toBe(want.canonicalRequest)
    expect(trace.stringToSign).toBe(want.stringToSign)
  })

  it('the same at once, and stage by stage', async () => {
    const verb = placement === 'header' ? sync.sign : sync.presign
    const { trace } = verb(request, { ...known, algorithm: sigv4a })
    expect(trace.canonicalRequest).toBe(want.canonicalRequest)
    expect(holds(publicKey, want.stringToSign, trace.signature)).toBe(true)
    const { signingDate = new Date(), service } = options
    const scope = { signingDate, service, regionSet: '*', algorithm: sigv4a }
    expect(await stringToSign(want.canonicalRequest, scope)).toBe(want.stringToSign)
  })

  it.each(ALGORITHMS)('our signature holds for OpenSSL, by %s', async (_by, algorithm) => {
    const { trace } = await run(algorithm)
    expect(holds(publicKey, want.stringToSign, trace.signature)).toBe(true)
  })

  it.skipIf(!crt)("our signature holds for AWS's C signer", async () => {
    const { trace } = await run(sigv4a)
    const { access_key_id, secret_access_key, token } = context.credentials
    const held = crtVerifies(
      readMessage(it_.request),
      {
        placement,
        credentials: {
          accessKeyId: access_key_id,
          secretAccessKey: secret_access_key,
          ...(token && { sessionToken: token }),
        },
        regionSet: context.region,
        service: context.service,
        signingDate: new Date(context.timestamp),
        ...(placement === 'query' && { expiresIn: context.expiration_in_seconds }),
        // The suite's paths are decoded, and encoded as what is encoded already once more.
        path: { normalized: context.normalize, twice: true },
        contentSha256: context.sign_body,
        appendToken: context.omit_session_token ?? false,
      },
      trace.canonicalRequest,
      trace.signature,
      publicKey,
    )
    expect(held).toBe(true)
  })

  it("the suite's signatures hold for us", async () => {
    expect(holds(publicKey, want.stringToSign, want.signature)).toBe(true)
    const { method, target, headers, body } = readMessage(want.signedRequest)
    const { credentials, signingDate = new Date(), ...rules } = options
    for (const signature of [want.signature, carried(want)]) {
      const put = (text: string) => text.replace(carried(want), signature)
      const received = {
        method,
        url: put(target),
        headers: headers.map(([name, value]) => [name, put(value)] as const),
        body,
      }
      for (const [, algorithm] of ALGORITHMS)
        expect(
          await verify(received, {
            service: rules.service,
            region: context.region,
            algorithm,
            credentials: () => credentials,
            now: signingDate,
            pathEncoding: rules.pathEncoding,
            pathNormalization: rules.pathNormalization,
            sessionToken: rules.sessionToken,
            pathForm: 'any',
          }),
        ).toMatchObject({
          ok: true,
          placement,
          scope: { service: rules.service, regionSet: [context.region] },
          trace: { stringToSign: want.stringToSign },
        })
    }
  })
})
