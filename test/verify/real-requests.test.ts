import { explain, presign, type SignOptions, sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { hexOf, hmac, sha256 } from '../support/hash.ts'
import { accepted, arriving, credentials, now, signing, verdict, verifying } from './common.ts'

const HASH = 'x-amz-content-sha256'
const body = '{"query":{"match_all":{}}}'

describe('an encoded slash in a path of S3', () => {
  const s3: SignOptions = { ...signing, service: 's3' }
  const holding = { ...verifying, service: 's3' }
  const url = 'https://bucket.example.com/a%2fb%2Fc%20d'

  it.each([sign, presign])('6. %o sends and signs a slash, and it is read as one', async (verb) => {
    const signed = await verb({ url }, s3)
    expect(signed.url).toMatch(/^https:\/\/bucket\.example\.com\/a\/b\/c%20d(\?|$)/)
    expect(signed.trace.canonicalRequest.split('\n')[1]).toBe('/a/b/c%20d')
    const request = arriving(signed)
    expect(accepted(await verify(request, holding)).path).toBe('/a/b/c%20d')
    // What a client has put on the wire encoded is what S3 reads as a slash.
    const encoded = { ...request, url: request.url.replace('/a/b/c', '/a%2fb%2Fc') }
    expect(accepted(await verify(encoded, holding)).path).toBe('/a/b/c%20d')
    expect((await explain(encoded, { ...holding, now })).matches).toBe(true)
  })

  it.each([sign, presign])('6. %o leaves it as it stands where it is literal', async (verb) => {
    const encodedSlash = 'literal'
    const signed = await verb({ url }, { ...s3, encodedSlash })
    expect(signed.url).toMatch(/^https:\/\/bucket\.example\.com\/a%2fb%2Fc%20d(\?|$)/)
    expect(signed.trace.canonicalRequest.split('\n')[1]).toBe('/a%2Fb%2Fc%20d')
    const request = arriving(signed)
    const verified = accepted(await verify(request, { ...holding, encodedSlash }))
    expect(verified.path).toBe('/a%2Fb%2Fc%20d')
    expect((await explain(request, { ...holding, encodedSlash, now })).matches).toBe(true)
    expect(verdict(await verify(request, holding))).toBe('signature-mismatch')
    const told = await explain(request, { ...holding, now })
    expect(told.findings.map(({ cause }) => cause)).toEqual(['path-changed'])
    expect(told.findings[0]?.detail).toContain("encodedSlash 'literal'")
  })

  it('6. makes dot segments that nobody sees: refused', async () => {
    const dots = { url: 'https://bucket.example.com/a%2F..%2Fb' }
    await expect(sign(dots, s3)).rejects.toMatchObject({ code: 'dot-segments' })
    for (const encodedSlash of ['slash', 'literal'] as const) {
      const rules = { ...s3, encodedSlash, dotSegments: 'literal' as const }
      const request = { ...arriving(await sign(dots, rules)), url: '/a%2F..%2Fb' }
      expect(verdict(await verify(request, { ...holding, encodedSlash }))).toBe('ambiguous-path')
      const any = { ...holding, encodedSlash, pathForm: 'any' as const }
      expect(verdict(await verify(request, any))).toBe('accepted')
    }
  })

  it('is none to other services, which sign it encoded again', async () => {
    const signed = await sign({ url }, signing)
    expect(signed.url).toBe(url)
    expect(signed.trace.canonicalRequest.split('\n')[1]).toBe('/a%252fb%252Fc%2520d')
  })
})

describe('an unsigned x-amz-content-sha256', () => {
  const url = 'https://search.example.com/_search'
  const sentTo = async (service: string, hash: string, payload = sha256(body)) => {
    const request = { url, method: 'POST', body }
    const signed = await sign(request, {
      ...{ ...signing, service, payload, unsignableHeaders: [HASH] },
    })
    const sent = { ...arriving(signed), body }
    return { ...sent, headers: { ...sent.headers, [HASH]: hash } }
  }
  const rules = { ...verifying, service: 'any' }

  it.each(['es', 'aoss', 'execute-api'])(
    '27. is accepted by %s, as it was signed',
    async (service) => {
      const request = await sentTo(service, sha256(body))
      expect(accepted(await verify(request, rules)).payload).toBe('verified')
      expect(verdict(await verify({ ...request, body: 'another' }, rules))).toBe('payload-mismatch')
    },
  )

  it.each([sha256('another'), 'UNSIGNED-PAYLOAD', ''])(
    '27. is refused where another was: %s',
    async (hash) => {
      const request = await sentTo('es', hash)
      const accepting = { ...rules, unsignedPayload: 'accept' as const }
      expect((await verify(request, accepting)).ok).toBe(false)
      expect((await verify(request, rules)).ok).toBe(false)
    },
  )

  it('27. is refused by S3, and other x-amz-* headers by all', async () => {
    const toS3 = await sentTo('s3', sha256(body))
    expect(verdict(await verify(toS3, rules))).toBe('unsigned-headers')
    const request = await sentTo('es', sha256(body))
    const more = { ...request, headers: { ...request.headers, 'x-amz-meta-a': '1' } }
    expect(verdict(await verify(more, rules))).toBe('unsigned-headers')
  })
})

describe('a URL without X-Amz-Expires', () => {
  /** As aws-iot-device-sdk presigns: no life is stated, and the token stands behind the signature. */
  const presigned = (service: string, more = '') => {
    const scope = `20150830/us-east-1/${service}/aws4_request`
    const own = encodeURIComponent(`${credentials.accessKeyId}/${scope}`)
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${own}&X-Amz-Date=20150830T123600Z${more}&X-Amz-SignedHeaders=host`
    const canonical = `GET\n/mqtt\n${query}\nhost:iot.example.com\n\nhost\n${sha256('')}`
    const text = `AWS4-HMAC-SHA256\n20150830T123600Z\n${scope}\n${sha256(canonical)}`
    const key = ['20150830', 'us-east-1', service, 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${credentials.secretAccessKey}`,
    )
    const url = `/mqtt?${query}&X-Amz-Signature=${hexOf(hmac(key, text))}`
    return { method: 'GET', url, headers: { host: 'iot.example.com' } }
  }
  const rules = { ...verifying, service: 'any' }
  const IOT = 'iotdevicegateway'

  it('is accepted for IoT alone, as long as the clocks agree', async () => {
    const request = presigned(IOT)
    const verified = accepted(await verify(request, rules))
    expect(verified.expiresAt).toEqual(new Date(now.getTime() + 900_000))
    for (const [seconds, expected] of [
      [900, 'accepted'],
      [901, 'clock-skew'],
      [-901, 'clock-skew'],
    ] as const) {
      const at = new Date(now.getTime() + seconds * 1000)
      expect(verdict(await verify(request, { ...rules, now: at }))).toBe(expected)
    }
    const token = { ...credentials, sessionToken: 'token/+=' }
    const appended = { ...request, url: `${request.url}&X-Amz-Security-Token=token%2F%2B%3D` }
    const held = { ...rules, credentials: () => token }
    expect(verdict(await verify(appended, held))).toBe('accepted')
  })

  it('is malformed for others, and where it states no number', async () => {
    expect(verdict(await verify(presigned('execute-api'), rules))).toBe('malformed-authorization')
    const appended = { ...rules, sessionToken: 'appended' as const }
    expect(verdict(await verify(presigned('execute-api'), appended))).toBe(
      'malformed-authorization',
    )
    for (const seconds of ['x', '-1', '0'])
      expect(await verify(presigned(IOT, `&X-Amz-Expires=${seconds}`), rules)).toMatchObject({
        about: { parameter: 'X-Amz-Expires' },
      })
    const ofAnother = { ...credentials, accessKeyId: `A/${IOT}/aws4_request` }
    const request = await presign(
      { url: 'https://iot.example.com/' },
      { ...signing, credentials: ofAnother },
    )
    const without = {
      ...arriving(request),
      url: arriving(request).url.replace(/&X-Amz-Expires=\d+/, ''),
    }
    expect(verdict(await verify(without, { ...rules, credentials: () => ofAnother }))).toBe(
      'malformed-authorization',
    )
  })
})
