import { inspect } from 'node:util'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { deriveSigningKey } from 'countersign'
import { createEventSigner, type SignedEvent } from 'countersign/eventstream'
import { describe, expect, it } from 'vitest'
import { encodeDate } from '../../src/eventstream/message.ts'
import { fc } from '../support/properties.ts'
import {
  audioEvent,
  bytes,
  clock,
  codec,
  collect,
  credentials,
  hexOf,
  scope,
  seed,
} from './common.ts'

const signatureOf = ({ headers }: SignedEvent): string => hexOf(headers[':chunk-signature'].value)

const dates = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
const payload = fc.uint8Array({ minLength: 1, maxLength: 300 })

/** The same chain by AWS's own signer. */
async function theirs(
  events: readonly SignedEvent[],
  signer: SignatureV4,
): Promise<readonly string[]> {
  const signatures: string[] = []
  for (const { headers, body } of events) {
    const date = headers[':date']
    const { signature } = await signer.sign(
      { message: { headers: { ':date': date }, body }, priorSignature: signatures.at(-1) ?? seed },
      { signingDate: date.value },
    )
    signatures.push(signature)
  }
  return signatures
}

describe('a signed stream', () => {
  it("is that of @smithy/signature-v4's own signer, message by message", async () => {
    const secret = fc.string({ minLength: 1, maxLength: 60 })
    const region = fc.constantFrom('us-west-2', 'eu-central-1')
    const service = fc.constantFrom('transcribe', 'bedrock', 'lex')
    const events = fc.array(fc.tuple(payload, dates), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(secret, region, service, events, dates, async (...generated) => {
        const [secretAccessKey, region, service, events, end] = generated
        const used = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }
        const times = [...events.map(([, date]) => date), end]
        const signer = createEventSigner(
          { signature: seed },
          { credentials: used, region, service, now: () => times.shift() as Date },
        )
        const ours: SignedEvent[] = []
        for (const [body] of events) ours.push(await signer.sign(body))
        ours.push(await signer.end())
        const smithy = new SignatureV4({ credentials: used, region, service, sha256: Sha256 })
        expect(ours.map(signatureOf)).toEqual(await theirs(ours, smithy))
      }),
      { numRuns: 60 },
    )
  })

  it('has the bytes of the SDK on the wire', async () => {
    const signer = createEventSigner(
      { signature: seed },
      { ...scope, credentials, now: () => new Date('2026-01-02T03:04:05.678Z') },
    )
    const body = audioEvent('sound')
    const event = await signer.sign(body)
    const frame = codec.encode({
      headers: {
        ':date': { type: 'timestamp', value: new Date('2026-01-02T03:04:05.678Z') },
        ':chunk-signature': { type: 'binary', value: Buffer.from(signatureOf(event), 'hex') },
      },
      body,
    })
    expect(hexOf(codec.encode(event))).toBe(hexOf(frame))
    expect(event.body).toBe(body)
  })

  it('hashes the date as it is encoded', () => {
    const all = fc.date({ min: new Date(-1e13), max: new Date(2e14), noInvalidDate: true })
    fc.assert(
      fc.property(all, (value) => {
        const encoded = codec.formatHeaders({ ':date': { type: 'timestamp', value } })
        expect(hexOf(encodeDate(value))).toBe(hexOf(encoded))
      }),
    )
  })

  it('goes on over midnight with the key of the next day', async () => {
    const signer = createEventSigner(
      { signature: seed },
      { ...scope, credentials, now: clock('2026-12-31T23:59:59.900Z', 200) },
    )
    const ours = [await signer.sign(bytes('a')), await signer.sign(bytes('b')), await signer.end()]
    const smithy = new SignatureV4({ credentials, ...scope, sha256: Sha256 })
    expect(ours.map(signatureOf)).toEqual(await theirs(ours, smithy))
  })

  it('is chained in the order of the calls, though they overlap', async () => {
    const make = () =>
      createEventSigner({ signature: seed }, { ...scope, credentials, now: clock('2026-01-02') })
    const [one, other] = [make(), make()]
    const texts = ['a', 'b', 'c', 'd']
    const together = await Promise.all(texts.map((text) => one.sign(bytes(text))))
    const apart: SignedEvent[] = []
    for (const text of texts) apart.push(await other.sign(bytes(text)))
    expect(together.map(signatureOf)).toEqual(apart.map(signatureOf))
  })

  it('differs by seed', async () => {
    const sign = (signature: string) =>
      createEventSigner({ signature }, { ...scope, credentials, now: clock('2026-01-02') }).end()
    expect(signatureOf(await sign(seed))).not.toBe(signatureOf(await sign(seed.replace('0', '1'))))
  })
})

describe('the end of a stream', () => {
  const make = () => createEventSigner({ signature: seed }, { ...scope, credentials })

  it('is an empty event, after which nothing is signed', async () => {
    const signer = make()
    expect((await signer.end()).body).toHaveLength(0)
    await expect(signer.sign(bytes('a'))).rejects.toMatchObject({ code: 'invalid-body' })
    await expect(signer.end()).rejects.toMatchObject({ code: 'invalid-body' })
  })

  it('comes with an empty payload', async () => {
    const signer = make()
    await signer.sign(new Uint8Array())
    await expect(signer.sign(bytes('a'))).rejects.toMatchObject({ code: 'invalid-body' })
  })

  it('is the last of the frames, and no payload in between ends them', async () => {
    const payloads = [bytes('a'), new Uint8Array(), bytes('b')]
    const frames = (await collect(make().frames(payloads, codec))).map((it) => codec.decode(it))
    expect(frames.map(({ body }) => Buffer.from(body).toString())).toEqual(['a', 'b', ''])
  })

  it('is not signed where the payloads fail', async () => {
    async function* failing() {
      yield bytes('a')
      throw new Error('the microphone was unplugged')
    }
    const signer = make()
    const frames = signer.frames(failing(), codec)
    await frames.next()
    await expect(frames.next()).rejects.toThrow('unplugged')
    await expect(signer.end()).resolves.toMatchObject({ body: new Uint8Array() })
  })
})

describe('the key of a stream', () => {
  it('is asked for once, and again after a failure, which leaves the chain as it was', async () => {
    let asked = 0
    const provider = async () => {
      if (++asked === 1) throw new Error('not yet')
      return credentials
    }
    const options = { ...scope, credentials: provider, now: () => new Date('2026-01-02') }
    const signer = createEventSigner({ signature: seed }, options)
    await expect(signer.sign(bytes('lost'))).rejects.toThrow('not yet')
    const events = [await signer.sign(bytes('a')), await signer.sign(bytes('b'))]
    expect(asked).toBe(2)
    const plain = createEventSigner({ signature: seed }, { ...options, credentials })
    const same = [await plain.sign(bytes('a')), await plain.sign(bytes('b'))]
    expect(events.map(signatureOf)).toEqual(same.map(signatureOf))
  })

  it('may be one that is derived, for its day', async () => {
    const signingDate = new Date('2026-01-02T00:00:00Z')
    const signingKey = await deriveSigningKey(credentials.secretAccessKey, {
      ...scope,
      signingDate,
    })
    const derived = { accessKeyId: 'A', signingKey, scope: { ...scope, date: '20260102' } }
    const now = () => signingDate
    const signer = createEventSigner({ signature: seed }, { ...scope, credentials: derived, now })
    const plain = createEventSigner({ signature: seed }, { ...scope, credentials, now })
    expect(signatureOf(await signer.end())).toBe(signatureOf(await plain.end()))
    const late = { ...scope, credentials: derived, now: () => new Date('2026-01-03') }
    await expect(createEventSigner({ signature: seed }, late).end()).rejects.toMatchObject({
      code: 'invalid-scope',
    })
  })

  it('is refused as `sign` refuses it', async () => {
    const end = (credentials: object) =>
      createEventSigner({ signature: seed }, { ...scope, credentials: credentials as never }).end()
    await expect(end({})).rejects.toMatchObject({ code: 'invalid-credentials' })
    await expect(end({ ...credentials, expiration: new Date(0) })).rejects.toMatchObject({
      code: 'expired-credentials',
    })
  })

  it('is nowhere to be seen in the signer', async () => {
    const signer = createEventSigner({ signature: seed }, { ...scope, credentials })
    await signer.sign(bytes('a'))
    const shown = inspect(signer, { depth: 9, showHidden: true }) + JSON.stringify(signer)
    expect(shown).not.toContain('wJalr')
    expect(shown).not.toContain(seed)
  })

  it.each([[''], ['abc'], [`${seed}00`], [seed.toUpperCase()], [undefined]])(
    'starts from a signature of SigV4, not %j',
    (signature) => {
      const request = { signature: signature as string }
      expect(() => createEventSigner(request, { ...scope, credentials })).toThrow(
        expect.objectContaining({ code: 'invalid-options' }),
      )
    },
  )
})
