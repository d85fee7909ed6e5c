import { createHash } from 'node:crypto'
import { sign, verify } from 'countersign'
import { receivedFromLambda } from 'countersign/node-http'
import * as synchronous from 'countersign/sync'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const scope = { service: 'execute-api', region: 'us-east-1', credentials }
const rules = { service: 'any', credentials: () => credentials } as const

/** A signed POST whose body ends in U+FFFD, by the event that tells of another body. */
async function eventWith(body: string, headers: Record<string, string> = {}) {
  const url = 'https://good.example/a'
  const signed = await sign({ method: 'POST', url, headers, body: 'caf\ufffd' }, scope)
  const event = {
    rawPath: '/a',
    rawQueryString: '',
    headers: { ...signed.headers, host: 'good.example' },
    requestContext: { http: { method: 'POST' } },
    isBase64Encoded: false,
    body,
  }
  return JSON.parse(JSON.stringify(event)) as typeof event
}

describe('a body of text is hashed as what it is', () => {
  it('and verified as that', async () => {
    const received = receivedFromLambda(await eventWith('caf\ufffd'))
    expect(await verify(received, rules)).toMatchObject({ ok: true, payload: 'verified' })
  })

  // Half of a surrogate pair has no UTF-8, and U+FFFD is encoded in its place.
  it.each(['caf\ud800', 'caf\udfff', 'caf\udc00\ud83d'])(
    'so that no half of a pair passes for what encoders write: %j',
    async (body) => {
      const received = receivedFromLambda(await eventWith(body))
      expect(await verify(received, rules)).toMatchObject({ reason: 'signature-mismatch' })
      expect(synchronous.verify(received, rules)).toMatchObject({ reason: 'signature-mismatch' })
    },
  )

  it('with its hash in a header, too', async () => {
    const hash = createHash('sha256').update('caf\ufffd').digest('hex')
    const headers = { 'x-amz-content-sha256': hash }
    const altered = receivedFromLambda(await eventWith('caf\ud800', headers))
    expect(await verify(altered, rules)).toMatchObject({ reason: 'payload-mismatch' })
    const sent = receivedFromLambda(await eventWith('caf\ufffd', headers))
    expect(await verify(sent, rules)).toMatchObject({ ok: true })
  })
})
