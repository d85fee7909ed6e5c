import { inspect } from 'node:util'
import { deriveSigningKey } from 'countersign'
import {
  createEventSigner,
  createEventVerifier,
  type EventMessage,
  type EventVerifierOptions,
} from 'countersign/eventstream'
import { describe, expect, it } from 'vitest'
import { splitFrames } from '../../src/eventstream/frames.ts'
import { fc } from '../support/properties.ts'
import { bytes, codec, collect, credentials, opened, scope, seed, sent } from './common.ts'

const date = new Date('2026-01-02T03:04:05.678Z')
const now = () => date

/** A stream as it arrives: some payloads and the end. */
async function stream(texts: readonly string[], options: object = {}): Promise<EventMessage[]> {
  const signer = createEventSigner({ signature: seed }, { ...scope, credentials, now, ...options })
  const events: EventMessage[] = []
  for (const text of texts) events.push(sent(await signer.sign(bytes(text))))
  return [...events, sent(await signer.end())]
}

/** What a verifier says of events, one word each. */
async function verdicts(
  events: readonly EventMessage[],
  options: EventVerifierOptions = {},
  request: Parameters<typeof createEventVerifier>[0] = opened,
): Promise<string[]> {
  const verifier = createEventVerifier(request, { now, ...options })
  const words: string[] = []
  for (const event of events) {
    const result = await verifier.verify(event)
    words.push(result.ok ? (result.last ? 'last' : 'ok') : result.reason)
  }
  return words
}

const changed = (event: EventMessage, headers: object, body = event.body): EventMessage => ({
  headers: { ...event.headers, ...(headers as EventMessage['headers']) },
  body,
})

describe('a stream', () => {
  it('is let in as it was signed', async () => {
    const events = await stream(['a', 'b', 'c'])
    expect(await verdicts(events)).toEqual(['ok', 'ok', 'ok', 'last'])
    const first = await createEventVerifier(opened, { now }).verify(events[0] as EventMessage)
    expect(first).toEqual({ ok: true, body: bytes('a'), signedAt: date, last: false })
  })

  it('is verified in the order of the calls, though they overlap', async () => {
    const verifier = createEventVerifier(opened, { now })
    const events = await stream(['a', 'b', 'c'])
    const results = await Promise.all(events.map((event) => verifier.verify(event)))
    expect(results.every(({ ok }) => ok)).toBe(true)
  })

  it('is refused from the first event that is another', async () => {
    const [a, b, c, end] = (await stream(['a', 'b', 'c'])) as [
      EventMessage,
      EventMessage,
      EventMessage,
      EventMessage,
    ]
    const wrong = ['signature-mismatch', 'signature-mismatch', 'signature-mismatch']
    const cases: [EventMessage[], string[]][] = [
      [[b, a, c], wrong],
      [
        [a, c, b],
        ['ok', 'signature-mismatch', 'signature-mismatch'],
      ],
      [
        [a, a, b],
        ['ok', 'signature-mismatch', 'signature-mismatch'],
      ],
      [
        [a, end, c],
        ['ok', 'signature-mismatch', 'signature-mismatch'],
      ],
      [[changed(a, {}, bytes('x')), a, b], wrong],
      [[changed(a, {}, new Uint8Array()), a, b], wrong],
      [
        [changed(a, { ':date': { type: 'timestamp', value: new Date(Number(date) + 1) } }), a, b],
        wrong,
      ],
      [[changed(a, { ':chunk-signature': b.headers[':chunk-signature'] }), a, b], wrong],
    ]
    for (const [events, expected] of cases) expect(await verdicts(events)).toEqual(expected)
  })

  it('takes nothing after its end', async () => {
    const events = await stream(['a'])
    const [more] = await stream(['b'])
    expect(await verdicts([...events, more as EventMessage])).toEqual([
      'ok',
      'last',
      'malformed-authorization',
    ])
  })

  it.each([
    ['another secret', { ...opened, credentials: { ...credentials, secretAccessKey: 'another' } }],
    ['another seed', { ...opened, trace: { signature: seed.replace('0', '1') } }],
    ['another region', { ...opened, scope: { ...scope, region: 'us-west-1' } }],
    ['another service', { ...opened, scope: { ...scope, service: 'bedrock' } }],
  ])('is refused with %s', async (_name, request) => {
    expect(await verdicts(await stream([]), {}, request)).toEqual(['signature-mismatch'])
  })

  it('is refused with any one bit of a frame changed', async () => {
    const [event] = (await stream(['payload'])) as [EventMessage]
    const frame = codec.encode(event as never)
    await fc.assert(
      fc.asyncProperty(fc.nat(frame.length * 8 - 1), async (bit) => {
        const other = Uint8Array.from(frame)
        other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7))
        const verifier = createEventVerifier(opened, { now })
        const payloads = verifier.payloads([other], codec)
        await expect(payloads.next()).rejects.toThrow()
      }),
    )
  })
})

describe('an event', () => {
  it('with a header that a codec takes for its prototype is malformed', async () => {
    const [event] = (await stream(['a'])) as [EventMessage]
    const headers = Object.create({ type: 'string', value: 'x' })
    const other = { ...event, headers: Object.assign(headers, event.headers) }
    const result = await createEventVerifier(opened, { now }).verify(other)
    expect(result).toMatchObject({ ok: false, reason: 'malformed-authorization' })
  })

  it.each([
    ['without a date', { ':date': undefined }],
    ['without a signature', { ':chunk-signature': undefined }],
    ['with a header that nobody signed', { ':event-type': { type: 'string', value: 'x' } }],
    ['with a date of another type', { ':date': { type: 'string', value: '2026-01-02' } }],
    ['with a date that is none', { ':date': { type: 'timestamp', value: new Date(Number.NaN) } }],
    [
      'with a date that cannot be written',
      { ':date': { type: 'timestamp', value: new Date(8e15) } },
    ],
    [
      'with a signature of text',
      { ':chunk-signature': { type: 'string', value: 'ab'.repeat(32) } },
    ],
    [
      'with a short signature',
      { ':chunk-signature': { type: 'binary', value: new Uint8Array(31) } },
    ],
    ['with no signature', { ':chunk-signature': { type: 'binary', value: new Uint8Array(0) } }],
  ])('%s is malformed', async (_name, headers) => {
    const [event] = (await stream(['a'])) as [EventMessage]
    const other = changed(event, headers)
    for (const [name, value] of Object.entries(other.headers))
      if (value === undefined) delete (other.headers as Record<string, unknown>)[name]
    const maxClockSkew = Number.POSITIVE_INFINITY
    expect(await verdicts([other, event], { maxClockSkew })).toEqual([
      'malformed-authorization',
      'malformed-authorization',
    ])
  })

  it('must be of now, give or take the clocks', async () => {
    const at = (seconds: number) => () => new Date(Number(date) + seconds * 1000)
    const events = await stream([])
    expect(await verdicts(events, { now: at(900) })).toEqual(['last'])
    expect(await verdicts(events, { now: at(-900) })).toEqual(['last'])
    expect(await verdicts(events, { now: at(901) })).toEqual(['clock-skew'])
    expect(await verdicts(events, { now: at(-901) })).toEqual(['clock-skew'])
    expect(await verdicts(events, { now: at(901), maxClockSkew: 902 })).toEqual(['last'])
  })

  it('is verified by a derived key of its day alone', async () => {
    const signingKey = await deriveSigningKey(credentials.secretAccessKey, {
      ...scope,
      signingDate: date,
    })
    const held = { accessKeyId: 'A', signingKey, scope: { ...scope, date: '20260102' } }
    const request = { ...opened, credentials: held }
    expect(await verdicts(await stream(['a']), {}, request)).toEqual(['ok', 'last'])
    const next = () => new Date('2026-01-03T00:00:00Z')
    expect(await verdicts(await stream([], { now: next }), { now: next }, request)).toEqual([
      'scope-mismatch',
    ])
  })

  it('that is refused tells no secret and no signature', async () => {
    const [event] = (await stream(['a'])) as [EventMessage]
    const verifier = createEventVerifier(opened, { now })
    const refused = await verifier.verify(changed(event, {}, bytes('b')))
    const shown = inspect([refused, verifier], { depth: 9, showHidden: true })
    expect(shown).not.toMatch(/wJalr|[\da-f]{64}/)
  })

  it('needs a request that SigV4 signed', () => {
    const request = { ...opened, trace: { signature: '3045' } }
    expect(() => createEventVerifier(request)).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    )
  })
})

describe('the payloads of frames', () => {
  const framesOf = async (texts: readonly string[]): Promise<Uint8Array> => {
    const signer = createEventSigner({ signature: seed }, { ...scope, credentials, now })
    return Buffer.concat(await collect(signer.frames(texts.map(bytes), codec)))
  }
  const payloads = (chunks: Iterable<Uint8Array>) =>
    collect(createEventVerifier(opened, { now }).payloads(chunks, codec))
  const refused = (message: string) =>
    expect.objectContaining({ code: 'invalid-body', message: expect.stringContaining(message) })

  /** Bytes cut at some places. */
  const cut = (whole: Uint8Array, places: readonly number[]): Uint8Array[] => {
    const at = [0, ...[...places].sort((a, b) => a - b), whole.length]
    return at.slice(1).map((end, index) => whole.subarray(at[index], end))
  }

  it('come however the bytes were cut on the way', async () => {
    const texts = ['a', 'bc'.repeat(50), 'd']
    const whole = await framesOf(texts)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length)), async (places) => {
        const found = await payloads(cut(whole, places))
        expect(found.map((it) => Buffer.from(it).toString())).toEqual(texts)
      }),
      { numRuns: 50 },
    )
    expect(await payloads([...whole].map((byte) => Uint8Array.of(byte)))).toHaveLength(3)
  })

  it('fail where the stream was cut off', async () => {
    const whole = await framesOf(['a'])
    const first = new DataView(whole.buffer, whole.byteOffset).getUint32(0)
    await expect(payloads([whole.subarray(0, first)])).rejects.toEqual(
      refused('no empty event ends it'),
    )
    await expect(payloads([whole.subarray(0, first + 3)])).rejects.toEqual(
      refused('cut off within a frame'),
    )
    await expect(payloads([whole.subarray(0, -1)])).rejects.toEqual(
      refused('cut off within a frame'),
    )
    await expect(payloads([])).rejects.toEqual(refused('no empty event ends it'))
  })

  it('fail where a stream goes on, or is another', async () => {
    const whole = await framesOf(['a'])
    await expect(payloads([whole, whole])).rejects.toEqual(refused('after the end'))
    const verifier = createEventVerifier(
      { ...opened, trace: { signature: '0'.repeat(64) } },
      { now },
    )
    await expect(collect(verifier.payloads([whole], codec))).rejects.toEqual(
      refused('The signature is not'),
    )
  })

  it('are held to the size that AWS has', async () => {
    const head = (length: number) => {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, length)
      return bytes
    }
    for (const length of [0, 15, 24 * 2 ** 20 + 1, 2 ** 32 - 1])
      await expect(collect(splitFrames([head(length)]))).rejects.toEqual(refused('16 bytes'))
    for (const length of [16, 24 * 2 ** 20])
      await expect(collect(splitFrames([head(length)]))).rejects.toEqual(
        refused('cut off within a frame'),
      )
  })

  it('are cut in linear time from small chunks', async () => {
    const frame = Buffer.alloc(4 * 2 ** 20)
    frame.writeUInt32BE(frame.length)
    const chunks = cut(
      frame,
      Array.from({ length: 2 ** 16 }, (_, index) => index * 64),
    )
    const start = performance.now()
    expect(await collect(splitFrames(chunks))).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
