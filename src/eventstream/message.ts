import { fromLatin1 } from '../lib/latin1.ts'

/** A value of an event's header, as `@smithy/eventstream-codec` writes it. */
export interface EventHeader {
  readonly type: string
  readonly value: unknown
}

/** A message of an event stream, decoded; `Message` of `@smithy/eventstream-codec` fits. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, EventHeader>>
  readonly body: Uint8Array
}

/** The two headers of a signed event, in the order in which they are encoded. */
// An interface would not fit where a record is asked for.
export type SignedEventHeaders = {
  readonly ':date': { readonly type: 'timestamp'; readonly value: Date }
  /** 32 bytes. */
  readonly ':chunk-signature': { readonly type: 'binary'; readonly value: Uint8Array }
}

/** A signed event: encode it as it is. Its body is the payload, in most services an encoded message. */
export interface SignedEvent {
  readonly headers: SignedEventHeaders
  readonly body: Uint8Array
}

/** What turns messages into frames and back: `EventStreamCodec` of `@smithy/eventstream-codec`. */
export interface EventCodec {
  encode(message: { headers: SignedEventHeaders; body: Uint8Array }): Uint8Array
  decode(frame: Uint8Array): EventMessage
}

/** Payloads or bytes that come one after another: a stream, a generator, an array. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const DATE = ':date'
const TIMESTAMP = 8

/** The header `:date` as it is encoded and hashed, 15 bytes: name, type, milliseconds. */
export function encodeDate(date: Date): Uint8Array {
  const encoded = new Uint8Array(15)
  encoded.set([DATE.length, ...fromLatin1(DATE), TIMESTAMP])
  const time = Number(date)
  const view = new DataView(encoded.buffer)
  view.setInt32(7, Math.floor(time / 2 ** 32))
  view.setUint32(11, time)
  return encoded
}

/** The date and signature (32 bytes) of an event, or undefined where it has not just these two. */
export function readSigned({
  headers,
}: EventMessage): { readonly date: Date; readonly signature: Uint8Array } | undefined {
  const date = headers[DATE]
  const signature = headers[':chunk-signature']
  return Object.keys(headers).length === 2 &&
    date?.type === 'timestamp' &&
    date.value instanceof Date &&
    /^\d{4}-/.test(date.value.toJSON()) &&
    signature?.type === 'binary' &&
    signature.value instanceof Uint8Array &&
    signature.value.length === 32
    ? { date: date.value, signature: signature.value }
    : undefined
}
