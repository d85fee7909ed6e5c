import { explain, type VerifyOptions, verify } from 'countersign'
import { sigv4a } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { type Capture, captures, moreCaptures } from './captures.ts'

const signed = [...captures, ...moreCaptures].filter(({ kind }) => kind !== 'post-policy')
const good = signed.filter(({ quirk }) => !quirk)

const receivedOf = ({ method, url, headers, bodyBase64 }: Capture) => ({
  ...{ method, url, headers },
  body: Buffer.from(bodyBase64, 'base64'),
})
const rulesOf = ({ credentials, receivedAt, algorithm }: Capture): VerifyOptions => ({
  service: 'any',
  now: new Date(receivedAt),
  unsignedPayload: 'accept',
  pathForm: 'any',
  ...(algorithm && { algorithm: sigv4a }),
  credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
})
const check = (capture: Capture) => verify(receivedOf(capture), rulesOf(capture))

describe('requests that real clients sent', () => {
  it('are 250 without a quirk', () => expect(good.length).toBe(250))

  it.each(good.map((capture) => [capture.name, capture] as const))(
    '%s is accepted, and nothing is to be explained',
    async (_, capture) => {
      const result = await check(capture)
      expect(result.ok ? 'accepted' : `${result.reason}: ${result.message}`).toBe('accepted')
      const { matches, findings } = await explain(receivedOf(capture), rulesOf(capture))
      expect({ matches, findings }).toEqual({ matches: true, findings: [] })
    },
  )

  it.each(signed.filter(({ quirk }) => quirk).map((capture) => [capture.name, capture] as const))(
    '%s, which reads the rules another way, is refused',
    async (_, capture) => {
      expect((await check(capture)).ok).toBe(false)
    },
  )
})
