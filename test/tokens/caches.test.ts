import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { elastiCacheToken, memoryDbToken } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { KEYS, type Key, now, partsOf, region } from './common.ts'

/**
 * The token as AWS's pages make it: a GET of the cache's name, presigned for 15 minutes.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 * @see https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html
 */
async function documented(
  service: string,
  hostname: string,
  query: Record<string, string>,
  credentials: Key,
) {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 })
  const request = new HttpRequest({
    ...{ method: 'GET', protocol: 'http:', hostname, path: '/' },
    ...{ query: { Action: 'connect', ...query }, headers: { host: hostname } },
  })
  const signed = await signer.presign(request, { expiresIn: 900, signingDate: now })
  const parameters = Object.entries(signed.query as Record<string, string>)
  return { host: hostname, parameters: parameters.sort() }
}

const user = 'app-user+1'

describe.each(KEYS)('with %s', (_, credentials) => {
  const own = { user, region, credentials, signingDate: now }

  it.each([
    [undefined, {}],
    [true, { ResourceType: 'ServerlessCache' }],
  ] as const)(
    'elastiCacheToken is what AWS documents, serverless: %s',
    async (serverless, more) => {
      const query = { User: user, ...more }
      const { token, expiresAt } = await elastiCacheToken({
        ...own,
        cluster: 'Sessions',
        serverless,
      })
      expect(partsOf(token)).toEqual(
        await documented('elasticache', 'sessions', query, credentials),
      )
      expect(expiresAt).toEqual(new Date('2026-03-04T05:21:07Z'))
    },
  )

  it('memoryDbToken is what AWS documents', async () => {
    const { token, expiresAt } = await memoryDbToken({ ...own, cluster: 'ledger' })
    const official = await documented('memorydb', 'ledger', { User: user }, credentials)
    expect(partsOf(token)).toEqual(official)
    expect(expiresAt).toEqual(new Date('2026-03-04T05:21:07Z'))
  })
})
