import { EventStreamCodec } from '@smithy/eventstream-codec'
import type { EventMessage, SignedEvent } from 'countersign/eventstream'
import { exampleKey as credentials } from '../support/example-key.ts'
import { hexOf } from '../support/hash.ts'

export { credentials }

export const scope = { region: 'us-west-2', service: 'transcribe' }

/** The signature of a request that nobody sent. */
export const seed = '0123456789abcdef'.repeat(4)

/** What a verifier is told of that request. */
export const opened = { credentials, scope, trace: { signature: seed } }

export const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An audio event as Transcribe takes it, encoded: the payload of a signed event. */
export const audioEvent = (body: string): Uint8Array =>
  codec.encode({
    headers: {
      ':event-type': { type: 'string', value: 'AudioEvent' },
      ':message-type': { type: 'string', value: 'event' },
      ':content-type': { type: 'string', value: 'application/octet-stream' },
    },
    body: bytes(body),
  })

/** The event as the other side decodes it. */
export const sent = (event: SignedEvent): EventMessage => codec.decode(codec.encode(event))

export { hexOf }

/** A clock that moves on by some milliseconds at each look. */
export function clock(start: string, step = 250): () => Date {
  let time = Date.parse(start) - step
  return () => {
    time += step
    return new Date(time)
  }
}

/** All that comes of a stream. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
