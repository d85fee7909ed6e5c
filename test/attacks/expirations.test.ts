import { type Credentials, sign, verify } from 'countersign'
import { createEventSigner, createEventVerifier } from 'countersign/eventstream'
import { createPostPolicy, verifyPostPolicy } from 'countersign/s3'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const scope = { service: 'transcribe', region: 'us-east-1' }
const EVENTS = 'STREAMING-AWS4-HMAC-SHA256-EVENTS'
const HOUR = 3_600_000

/** What is said of a request, a form and an event of a session, each signed by one who has its key for good. */
async function saidOf(expiration: Credentials['expiration']): Promise<string[]> {
  const own = { ...scope, credentials }
  const lookup = { credentials: () => ({ ...credentials, expiration }) }

  const request = await sign(
    { method: 'POST', url: 'https://h/', headers: { 'x-amz-content-sha256': EVENTS } },
    { ...own, payload: EVENTS },
  )
  const verified = await verify(request, { ...lookup, service: 'transcribe' })

  const { fields } = await createPostPolicy({
    region: 'us-east-1',
    credentials,
    bucket: 'b',
    key: 'k',
  })
  const form = await verifyPostPolicy(fields, { ...lookup, bucket: 'b' })

  const opened = await verify(request, { service: 'transcribe', credentials: () => credentials })
  if (!opened.ok) throw new Error(opened.message)
  const events = createEventVerifier({
    ...opened,
    credentials: { ...opened.credentials, expiration } as never,
  })
  const event = await createEventSigner(request, own).sign(new Uint8Array([1]))
  const judged = await events.verify(event)

  return [verified, form, judged].map((result) => (result.ok ? 'ok' : result.reason))
}

const ENDED = Array(3).fill('expired-session-token')
const LIVES = Array(3).fill('ok')

describe('a session', () => {
  it.each([
    ['seconds of 0', 0],
    ['seconds that are none', Number.NaN],
    ['no text', ''],
    ['a text that is no date', 'never'],
    ['seconds', 1],
    ['a date', new Date(0)],
    ['no date', new Date(Number.NaN)],
    ['a text', '2015-08-30T12:36:00Z'],
  ])('has ended for all where its end is told by %s', async (_, expiration) =>
    expect(await saidOf(expiration)).toEqual(ENDED),
  )

  it.each([
    ['nothing', () => undefined],
    ['a date', () => new Date(Date.now() + HOUR)],
    ['a text', () => new Date(Date.now() + HOUR).toISOString()],
    ['seconds', () => Math.floor((Date.now() + HOUR) / 1000)],
  ])('lives for all where its end is told by %s to come', async (_, expiration) =>
    expect(await saidOf(expiration())).toEqual(LIVES),
  )
})
