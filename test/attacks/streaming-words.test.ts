import { sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const lookup = () => credentials

const CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const ECDSA = 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD'
const EVENTS = 'STREAMING-AWS4-HMAC-SHA256-EVENTS'
const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

type Payload = typeof CHUNKS | typeof ECDSA | typeof EVENTS | typeof UNSIGNED

/** What a server of a service says of a body that was left out of the signature by a word. */
async function verdictOn(service: string, payload: Payload, unsignedPayload?: 'accept' | 'refuse') {
  const options = { service, region: 'us-east-1', credentials, payload }
  const { method, url, headers } = await sign(
    { method: 'PUT', url: 'https://example.com/a', body: 'whatever I like' },
    options,
  )
  const rules = { service, credentials: lookup, ...(unsignedPayload && { unsignedPayload }) }
  const result = await verify({ method, url, headers, body: 'something else' }, rules)
  return result.ok ? result.payload : result.reason
}

describe('a word that leaves the body out of the signature', () => {
  it.each<[Payload, string]>([
    [CHUNKS, 'execute-api'],
    [`${CHUNKS}-TRAILER` as Payload, 'lambda'],
    [UNSIGNED, 'sqs'],
    [ECDSA, 'es'],
    [ECDSA, 's3'],
    [EVENTS, 's3'],
    [CHUNKS, 'aoss'],
  ])('%s is not taken by a server of %s', async (payload, service) => {
    expect(await verdictOn(service, payload, 'accept')).toBe('unsigned-payload')
  })

  it.each<[Payload, string]>([
    [CHUNKS, 's3'],
    [`${CHUNKS}-TRAILER` as Payload, 's3express'],
    [UNSIGNED, 's3'],
    [EVENTS, 'transcribe'],
  ])('%s is still taken by a server of %s', async (payload, service) => {
    expect(await verdictOn(service, payload, 'accept')).toBe('streaming')
  })

  it("of events is taken for any other service, and the body is then whoever's", async () => {
    for (const service of ['transcribe', 'execute-api', 'lambda'])
      for (const unsignedPayload of [undefined, 'refuse'] as const)
        expect(await verdictOn(service, EVENTS, unsignedPayload)).toBe('streaming')
  })

  it('is refused with unsignedPayload refuse where nobody signs the chunks, and taken where somebody does', async () => {
    expect(await verdictOn('s3', UNSIGNED, 'refuse')).toBe('unsigned-payload')
    expect(await verdictOn('s3', CHUNKS, 'refuse')).toBe('streaming')
  })
})
