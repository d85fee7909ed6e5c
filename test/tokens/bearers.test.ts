import { getToken } from '@aws/bedrock-token-generator'
import { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js'
import { bedrockToken, mskToken } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { decoded, KEYS, now, partsOf, region, stopClock } from './common.ts'

stopClock()

const AUTH = 'bedrock-api-key-'

describe.each(KEYS)('bedrockToken with %s', (_, credentials) => {
  it.each([undefined, 1, 3600, 43200])(
    'of %s seconds is what @aws/bedrock-token-generator makes',
    async (expiresIn) => {
      const official = await getToken({
        ...{ region, credentials },
        ...(expiresIn && { expiresInSeconds: expiresIn }),
      })
      const { token, expiresAt } = await bedrockToken({ region, credentials, expiresIn })
      expect([token, official].map((it) => it.startsWith(AUTH))).toEqual([true, true])
      const [ours, theirs] = [token, official].map((it) => decoded(it.slice(AUTH.length)))
      expect(partsOf(ours ?? '')).toEqual(partsOf(theirs ?? ''))
      expect(ours).toMatch(/&Version=1$/)
      expect(token.slice(AUTH.length)).toBe(Buffer.from(ours ?? '').toString('base64'))
      expect(Number(expiresAt) - Number(now)).toBe(1000 * (expiresIn ?? 43200))
    },
  )
})

describe.each(KEYS)('mskToken with %s', (_, credentials) => {
  it.each([undefined, new Date(Number(now) + 86_400_000), new Date(Number(now) + 300_000)])(
    'of a key that ends at %s is what aws-msk-iam-sasl-signer-js makes',
    async (expiration) => {
      const key = { ...credentials, ...(expiration && { expiration }) }
      const official = await generateAuthTokenFromCredentialsProvider({
        ...{ region, awsCredentialsProvider: async () => key },
      })
      const { token, expiresAt } = await mskToken({ region, credentials: key })
      const theirs = partsOf(decoded(official.token))
      const said = theirs.parameters.filter(([name]) => name !== 'User-Agent')
      expect(said).toHaveLength(theirs.parameters.length - 1)
      expect(partsOf(decoded(token))).toEqual({ ...theirs, parameters: said })
      expect(token).toBe(Buffer.from(decoded(token)).toString('base64url'))
      expect(Number(expiresAt)).toBe(official.expiryTime)
    },
  )

  it('lives to the end of a key that ends within a second', async () => {
    const expiration = new Date(Number(now) + 400)
    const key = { ...credentials, expiration }
    const { token, expiresAt } = await mskToken({ region, credentials: key })
    expect(decoded(token)).toContain('X-Amz-Expires=1&')
    expect(expiresAt).toEqual(expiration)
  })
})
