import { verify } from 'countersign'
import { createEventSigner, createEventVerifier } from 'countersign/eventstream'
import { decodeChunked, encodeChunked } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { sent } from '../eventstream/common.ts'
import { read } from '../s3/support.ts'
import { arriving, credentials, now, verifying } from '../verify/common.ts'
import { countCalls, DERIVED, ofWeb, WARM } from './common.ts'

const costOf = countCalls()

describe('a chain of chunks', () => {
  const source = new Uint8Array(4 * 8192).fill(1)
  const options = { ...ofWeb, service: 's3', chunkSize: 8192 }

  it('takes two calls for each, and derives its key once', async () => {
    const upload = { url: 'https://bucket.s3.amazonaws.com/a' }
    const { body: _, ...request } = await encodeChunked(upload, source, options)
    let frames = new Uint8Array()
    const encoding = await costOf(async () => {
      const { body } = await encodeChunked(upload, source, options)
      frames = new Uint8Array(await read(body))
    })
    // The request's own digest and signature first; the last of five chunks is empty.
    expect(encoding).toEqual({ digest: 1 + 4, importKey: 5, sign: 5 + 5 })

    const verified = await verify(arriving(request), { ...verifying, service: 's3' })
    if (!verified.ok) throw new Error(verified.message)
    const decoding = await costOf(async () => {
      const decoded = await read(decodeChunked(frames, verified, { crypto: web }))
      expect(Buffer.from(decoded)).toEqual(Buffer.from(source))
    })
    expect(decoding).toEqual({ digest: 4, importKey: 5, sign: 4 + 5 })
  })
})

describe('a chain of events', () => {
  const scope = { region: 'us-east-1', service: 'transcribe' }
  const start = { signature: '0'.repeat(64) }
  const options = { crypto: web, now: () => now }

  it('takes three calls for each, and derives its key once', async () => {
    const signer = createEventSigner(start, { ...scope, ...options, credentials })
    const verifier = createEventVerifier({ credentials, scope, trace: start }, options)
    for (const expected of [{ digest: 2, ...DERIVED }, WARM, WARM]) {
      let event = sent(await createEventSigner(start, { ...scope, credentials }).end())
      const signing = await costOf(async () => {
        event = sent(await signer.sign(new Uint8Array(9)))
      })
      expect(signing).toEqual(expected)
      expect(await costOf(() => verifier.verify(event))).toEqual(expected)
    }
    expect(await verifier.verify(sent(await signer.end()))).toHaveProperty('last', true)
  })
})
