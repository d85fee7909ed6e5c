import { createVerifier, explain, sign, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { accepted, arriving, credentials, signing, verdict, verifying } from './common.ts'

const url = 'https://bucket.example.com/a'
const s3 = { ...verifying, service: 's3' } satisfies VerifyOptions
const verdictOf = async (...call: Parameters<typeof verify>) => verdict(await verify(...call))
const put = (more: Partial<sync.SyncSignOptions> = {}, body: string | Uint8Array = 'Welcome') =>
  arriving(sync.sign({ url, method: 'PUT', body }, { ...signing, service: 's3', ...more }))
const presigned = arriving(sync.presign({ url, method: 'PUT' }, { ...signing, service: 's3' }))

describe('a body', () => {
  it('27. is hashed, not believed', async () => {
    const request = put()
    expect(accepted(await verify(request, s3)).payload).toBe('verified')
    for (const body of ['Welcome!', '', undefined, new Uint8Array([0])])
      expect(await verdictOf({ ...request, body }, s3)).toBe('payload-mismatch')
  })

  it('27. is bytes or text, and absent where it is empty', async () => {
    const bytes = new Uint8Array([0, 255, 128, 10])
    expect(await verdictOf(put({}, bytes), s3)).toBe('accepted')
    expect(await verdictOf({ ...put({}, 'ü'), body: new TextEncoder().encode('ü') }, s3)).toBe(
      'accepted',
    )
    const { body: _, ...bodyless } = put({}, '')
    expect(await verdictOf(bodyless, s3)).toBe('accepted')
  })

  it('27. of the other services is part of the signature', async () => {
    const request = arriving(sync.sign({ url, method: 'POST', body: 'a' }, signing))
    expect(accepted(await verify(request, verifying)).payload).toBe('verified')
    expect(await verdictOf({ ...request, body: 'b' }, verifying)).toBe('signature-mismatch')
    const inUrl = arriving(sync.presign({ url, method: 'POST', body: 'a' }, signing))
    expect(await verdictOf(inUrl, verifying)).toBe('accepted')
    expect(await verdictOf({ ...inUrl, body: 'b' }, verifying)).toBe('signature-mismatch')
  })
})

describe('what was signed just now', () => {
  const text = new TextEncoder().encode('..body..')
  it.each([undefined, null, '', 'body', text, text.buffer, new DataView(text.buffer, 2, 4)])(
    'is verified as it is, with the body %o',
    async (body) => {
      const request = { method: 'POST', url: 'https://abc.example.com/a', ...(body && { body }) }
      const signed = await sign(request, signing)
      expect(verdict(await verify(signed, verifying))).toBe('accepted')
      expect(verdict(sync.verify(sync.sign(request, signing), verifying))).toBe('accepted')
      expect(
        (await explain(signed, { ...verifying, credentials: (_id: string) => credentials }))
          .matches,
      ).toBe(true)
      const other = { ...signed, body: 'other' }
      expect(verdict(await createVerifier(verifying).verify(other))).toBe('signature-mismatch')
    },
  )
})

describe('a body that is neither text nor bytes', () => {
  const odd = [new ReadableStream(), new Blob(['evil']), { amount: 100 }, { length: 3e8 }, 7, [1]]

  it.each(odd)('is never taken for an empty one: %o', async (body) => {
    const received = { ...arriving(sync.sign({ url }, signing)), body: body as never }
    const failing = { code: 'invalid-body' }
    await expect(verify(received, verifying)).rejects.toMatchObject(failing)
    await expect(createVerifier(verifying).verify(received)).rejects.toMatchObject(failing)
    expect(() => sync.verify(received, verifying)).toThrow(expect.objectContaining(failing))
    await expect(explain(received, { ...verifying })).rejects.toMatchObject(failing)
    const declared = { ...put({}, ''), body: body as never }
    await expect(verify(declared, s3)).rejects.toMatchObject(failing)
    // Where it is checked as it streams, it is not looked at.
    expect(await verdictOf(declared, { ...s3, payload: 'deferred' })).toBe('accepted')
    expect(await verdictOf({ ...received, headers: {} }, verifying)).toBe('missing-authentication')
  })
})

describe('an unsigned payload', () => {
  const unsigned = (service: string) => put({ service, payload: 'UNSIGNED-PAYLOAD' })

  it.each(['s3', 's3express', 's3-outposts', 's3-object-lambda'])(
    '27. is accepted for %s and refused for others, unless the caller says otherwise',
    async (service) => {
      const own = { ...verifying, service }
      expect(accepted(await verify(unsigned(service), own)).payload).toBe('unsigned')
      expect(await verdictOf(unsigned(service), { ...own, unsignedPayload: 'refuse' })).toBe(
        'unsigned-payload',
      )
      expect(await verdictOf(unsigned('execute-api'), verifying)).toBe('unsigned-payload')
      const accepting = { ...verifying, unsignedPayload: 'accept' } as const
      expect(accepted(await verify(unsigned('execute-api'), accepting)).payload).toBe('unsigned')
    },
  )

  it('27. is that of a URL presigned for S3, whatever the body', async () => {
    expect(accepted(await verify({ ...presigned, body: 'any' }, s3)).payload).toBe('unsigned')
    expect(await verdictOf(presigned, { ...s3, unsignedPayload: 'refuse' })).toBe(
      'unsigned-payload',
    )
  })

  it('27. goes by the service that signed, not by the one that is asked for', async () => {
    const any = { ...verifying, service: 'any' }
    expect(accepted(await verify(unsigned('s3'), any)).payload).toBe('unsigned')
    expect(await verdictOf(unsigned('sqs'), any)).toBe('unsigned-payload')
  })
})

describe('a streaming payload', () => {
  it('29. is told by its signed word', async () => {
    for (const payload of [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    ])
      expect(accepted(await verify(put({ payload }), s3)).payload).toBe('streaming')
    const trailer = put({ payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })
    expect(accepted(await verify(trailer, s3)).payload).toBe('streaming')
    expect(await verdictOf(trailer, { ...s3, unsignedPayload: 'refuse' })).toBe('unsigned-payload')
  })
})

describe('a deferred payload', () => {
  const deferred = { ...s3, payload: 'deferred' } as const
  const body = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
  const { body: _, ...request } = put({}, body)
  const check = async (more: Partial<VerifyOptions> = {}) => {
    const verified = accepted(await verify(request, { ...deferred, ...more }))
    expect(verified.payload).toBe('deferred')
    return verified.payloadCheck as TransformStream<Uint8Array, Uint8Array>
  }
  /** What comes through, and the error at the end of it. */
  const through = async (bytes: Uint8Array, stream: TransformStream<Uint8Array, Uint8Array>) => {
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of new Blob([bytes as BlobPart]).stream().pipeThrough(stream))
        chunks.push(chunk)
      return { passed: Buffer.concat(chunks) }
    } catch (error) {
      return { passed: Buffer.concat(chunks), error: error as Error & { code: string } }
    }
  }

  it('27. passes on the body that was signed', async () => {
    const { passed, error } = await through(body, await check())
    expect(error).toBeUndefined()
    expect(passed.equals(body)).toBe(true)
  })

  it.each<[string, Uint8Array]>([
    ['changed', body.with(299_999, 0)],
    ['shorter', body.slice(0, -1)],
    ['longer', Uint8Array.of(...body.subarray(0, 1000), 0)],
    ['empty', new Uint8Array()],
  ])('27. fails at the end of one that is %s', async (_name, wrong) => {
    const { error } = await through(wrong, await check())
    expect(error).toMatchObject({ name: 'CountersignError', code: 'payload-mismatch' })
  })

  it('27. still wants its hash signed, and takes the words for what they are', async () => {
    const api = arriving(sync.sign({ url, body: 'a' }, signing))
    expect(await verdictOf(api, { ...verifying, payload: 'deferred' })).toBe('missing-payload-hash')
    const wrong = {
      ...request,
      headers: { ...request.headers, 'x-amz-content-sha256': 'a'.repeat(64) },
    }
    expect(await verdictOf(wrong, deferred)).toBe('signature-mismatch')
    const { payload, payloadCheck } = accepted(await verify(presigned, deferred))
    expect({ payload, payloadCheck }).toEqual({ payload: 'unsigned', payloadCheck: undefined })
  })

  it('27. needs a hash that takes a body in pieces', async () => {
    await expect(check({ crypto: web })).rejects.toMatchObject({ code: 'crypto-unavailable' })
  })
})
