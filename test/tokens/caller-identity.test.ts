import { createRequire } from 'node:module'
// @ts-expect-error -- aws4 has no types of its own
import aws4 from 'aws4'
import { callerIdentity } from 'countersign/tokens'
import { AwsClient } from 'google-auth-library'
import { describe, expect, it } from 'vitest'
import { KEYS, type Key, now, region, stopClock } from './common.ts'

const { aws4Sign } = createRequire(import.meta.url)('mongodb/lib/cmap/auth/aws4.js') as {
  aws4Sign(
    options: object,
    credentials: Key,
  ): Promise<{ Authorization: string; 'X-Amz-Date': string }>
}

stopClock()

const FORM = 'Action=GetCallerIdentity&Version=2011-06-15'
const tokenOf = (key: Key) => ('sessionToken' in key ? key.sessionToken : undefined)

describe.each(KEYS)('callerIdentity with %s', (_, credentials) => {
  it.each(['sts.amazonaws.com', 'sts.eu-west-1.amazonaws.com'])(
    "signs what mongodb's driver signs, for the server's host %s",
    async (host) => {
      const mongo = {
        'X-MongoDB-Server-Nonce': Buffer.alloc(64, 'nonce').toString('base64'),
        'X-MongoDB-GS2-CB-Flag': 'n',
      }
      const official = await aws4Sign(
        {
          ...{ method: 'POST', host, region, service: 'sts', path: '/', body: FORM, date: now },
          headers: {
            'Content-Type': 'application/x-www-form-urlencoded',
            'Content-Length': FORM.length,
            ...mongo,
          },
        },
        credentials,
      )
      const signed = await callerIdentity({
        ...{ region, credentials, host, headers: mongo, signableHeaders: ['content-length'] },
      })
      expect([signed.headers.authorization, signed.headers['x-amz-date']]).toEqual([
        official.Authorization,
        official['X-Amz-Date'],
      ])
      expect([signed.method, signed.url, signed.body]).toEqual(['POST', `https://${host}/`, FORM])
      expect(signed.trace.signedHeaders).toContain('content-length')
    },
  )

  it('signs what aws4 signs for node-vault-client', async () => {
    const headers = { 'X-Vault-AWS-IAM-Server-ID': 'vault.example.com' }
    const request = { service: 'sts', method: 'POST', region, body: FORM, headers: { ...headers } }
    const official = aws4.sign(request, credentials) as {
      readonly headers: Record<string, string | number>
    }
    const signed = await callerIdentity({
      // aws4 asks the global endpoint, whatever the region.
      ...{ region, credentials, host: 'sts.amazonaws.com', signableHeaders: ['content-length'] },
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
    })
    const lower = Object.entries(official.headers).map(([name, value]) => [
      name.toLowerCase(),
      `${value}`,
    ])
    expect(signed.headers).toEqual(Object.fromEntries(lower))
    expect(signed.headers['x-amz-security-token']).toBe(tokenOf(credentials))
  })

  it('is the subject token of google-auth-library, in the query', async () => {
    const { accessKeyId, secretAccessKey } = credentials
    const token = tokenOf(credentials)
    const audience =
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b'
    const client = new AwsClient({
      ...{ type: 'external_account', audience },
      subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
      aws_security_credentials_supplier: {
        getAwsRegion: async () => region,
        getAwsSecurityCredentials: async () => ({
          ...{ accessKeyId, secretAccessKey },
          ...(token && { token }),
        }),
      },
    })
    const official = JSON.parse(decodeURIComponent(await client.retrieveSubjectToken())) as {
      readonly url: string
      readonly method: string
      readonly headers: readonly { readonly key: string; readonly value: string }[]
    }
    const { method, url, headers, body } = await callerIdentity({
      ...{ region, credentials, form: 'query' },
    })
    expect({ method, url }).toEqual({ method: official.method, url: official.url })
    expect({ ...headers, 'x-goog-cloud-target-resource': audience }).toEqual(
      Object.fromEntries(official.headers.map(({ key, value }) => [key, value])),
    )
    expect(body).toBeUndefined()
  })
})

describe('callerIdentity', () => {
  it.each([
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
    ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ])('asks, for %s, %s', async (region, host) => {
    const { url, headers } = await callerIdentity({ region, credentials: KEYS[0][1] })
    expect([url, headers.host]).toEqual([`https://${host}/`, host])
  })

  it('takes the header fields of a list, and a content type of the caller', async () => {
    const headers = [
      ['Content-Type', 'text/plain'],
      ['x-a', 'b'],
    ] as const
    const signed = await callerIdentity({ region, credentials: KEYS[0][1], headers })
    expect(signed.headers).toMatchObject({ 'content-type': 'text/plain', 'x-a': 'b' })
    expect(signed.trace.signedHeaders).toEqual(['content-type', 'host', 'x-a', 'x-amz-date'])
  })
})
