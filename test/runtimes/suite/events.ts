import { EventStreamCodec } from '@smithy/eventstream-codec'
import { createEventSigner, createEventVerifier, type SignedEvent } from 'countersign/eventstream'
import { runChecks, same } from './check.ts'
import { credentials, hexOf, signingDate } from './common.ts'
import { lacksCrypto, type Suite } from './task.ts'

const scope = { region: 'us-west-2', service: 'transcribe' }
const codec = new EventStreamCodec(
  (bytes) => new TextDecoder().decode(bytes as Uint8Array),
  (text) => new TextEncoder().encode(text),
)

/** The signature of a request that nobody sent. */
export const seed: string = '0123456789abcdef'.repeat(4)

/** A stream of two payloads and the empty one that ends it. */
export const payloads: readonly Uint8Array[] = [[1, 2, 3], [255, 0], []].map((bytes) =>
  Uint8Array.from(bytes),
)

export const eventSigning = { ...scope, credentials, now: () => signingDate }

const opened = { credentials, scope, trace: { signature: seed } }
const clock = { now: () => signingDate }

async function signed(): Promise<SignedEvent[]> {
  const signer = createEventSigner({ signature: seed }, eventSigning)
  const events: SignedEvent[] = []
  for (const payload of payloads) events.push(await signer.sign(payload))
  return events
}

const run: Suite['run'] = ({ facts }) =>
  runChecks({
    'signs as @smithy/signature-v4 does': async () =>
      same(
        (await signed()).map(({ headers }) => hexOf(headers[':chunk-signature'].value)),
        facts.events,
      ),
    'verifies the stream': async () => {
      const verifier = createEventVerifier(opened, clock)
      const verdicts: unknown[] = []
      for (const event of await signed()) verdicts.push(await verifier.verify(event))
      same(
        verdicts.map((it) => (it as { last?: boolean }).last),
        [false, false, true],
      )
    },
    'refuses another payload': async () => {
      const [first] = await signed()
      const event = { ...(first as SignedEvent), body: Uint8Array.of(1, 2, 4) }
      const result = await createEventVerifier(opened, clock).verify(event)
      same(result.ok || result.reason, 'signature-mismatch')
    },
    'frames go there and back': async () => {
      const frames: Uint8Array[] = []
      const signer = createEventSigner({ signature: seed }, eventSigning)
      const sent = payloads.filter(({ length }) => length > 0)
      for await (const frame of signer.frames(sent, codec)) frames.push(frame)
      same(frames.length, payloads.length)
      const back: string[] = []
      for await (const payload of createEventVerifier(opened, clock).payloads(frames, codec))
        back.push(hexOf(payload))
      same(back, sent.map(hexOf))
    },
  })

/** Signed event streams. */
export const events: readonly Suite[] = [
  {
    ...{ entry: 'countersign/eventstream', name: 'events', lacks: lacksCrypto, run },
    attempts: { sign: signed },
  },
]
