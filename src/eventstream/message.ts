import { fromLatin1 } from '../lib/latin1.ts'

/** A value of an event's header, as `@smithy/eventstream-codec` writes it. */
export interface EventHeader {
  /** How it is encoded: `timestamp`, `binary`, `string` and the like. */
  readonly type: string
  /** A `Date`, bytes, or what its type says. */
  readonly value: unknown
}

/** A message of an event stream, decoded; `Message` of `@smithy/eventstream-codec` fits. */
export interface EventMessage {
  /** By name; those of a signed event are `:date` and `:chunk-signature`. */
  readonly headers: Readonly<Record<string, EventHeader>>
  /** The payload; empty at the end of a stream. */
  readonly body: Uint8Array
}

/** The two headers of a signed event, in the order in which they are encoded. */
// An interface would not fit where a record is asked for.
export type SignedEventHeaders = {
  /** When the event was signed. */
  readonly ':date': {
    /** Encoded as milliseconds since 1970. */
    readonly type: 'timestamp'
    /** The time, by the signer's clock. */
    readonly value: Date
  }
  /** The signature, chained to that of the event before. */
  readonly ':chunk-signature': {
    /** Encoded as plain bytes. */
    readonly type: 'binary'
    /** 32 bytes of HMAC-SHA256. */
    readonly value: Uint8Array
  }
}

/** A signed event: encode it as it is. Its body is the payload, in most services an encoded message. */
export interface SignedEvent {
  /** Its date and its signature, to be encoded in this order. */
  readonly headers: SignedEventHeaders
  /** The payload as it was given. */
  readonly body: Uint8Array
}

/** What turns messages into frames and back: `EventStreamCodec` of `@smithy/eventstream-codec`. */
export interface EventCodec {
  /** Makes the frame of a signed event, with its lengths and checksums. */
  encode(message: {
    /** Its date and its signature, in this order. */
    headers: SignedEventHeaders
    /** The payload of the event. */
    body: Uint8Array
  }): Uint8Array
  /** Reads a whole frame back; what it throws ends the stream. */
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
  const prototype: unknown = Object.getPrototypeOf(headers)
  // A codec that knows no better takes a header named __proto__ for the prototype.
  return (prototype === null || prototype === Object.prototype) &&
    Object.keys(headers).length === 2 &&
    date?.type === 'timestamp' &&
    date.value instanceof Date &&
    /^\d{4}-/.test(date.value.toJSON()) &&
    signature?.type === 'binary' &&
    signature.value instanceof Uint8Array &&
    signature.value.length === 32
    ? { date: date.value, signature: signature.value }
    : undefined
}
