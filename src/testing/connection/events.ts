import type { IncomingMessage, ServerResponse } from 'node:http'
import { backend } from '#crypto'
import { startCrc } from '../../crypto/crc.ts'
import type { EventHeader, EventMessage } from '../../eventstream/message.ts'
import { eventVerifier } from '../../eventstream/verifier.ts'
import { concat, toBytes } from '../../lib/bytes.ts'
import { type Refused, refuse } from '../../model/refusal.ts'
import type { Verified } from '../../model/verify-types.ts'
import type { Answer } from '../answers.ts'

// AWS's own codec brings Node's modules with it into what is built for browsers.
function crcOf(bytes: Uint8Array): Buffer {
  const crc = startCrc(0xedb88320)
  crc.update(bytes)
  return Buffer.from(crc.digest() as Uint8Array)
}

/**
 * The frame of a server's event, or of the exception that ends a stream; its headers are short texts.
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function eventFrame(
  name: string,
  body: string | Uint8Array,
  contentType = 'application/json',
): Uint8Array {
  const kind = /Exception$/.test(name) ? 'exception' : 'event'
  const fields = { ':message-type': kind, [`:${kind}-type`]: name, ':content-type': contentType }
  const encoded = Object.entries(fields).flatMap(([field, text]) => [
    ...[Buffer.of(field.length), Buffer.from(field)],
    ...[Buffer.of(7, 0, text.length), Buffer.from(text)],
  ])
  const [head, payload] = [concat(encoded), toBytes(body)]
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32BE(16 + head.length + payload.length)
  sizes.writeUInt32BE(head.length, 4)
  const frame = concat([sizes, crcOf(sizes), head, payload])
  return concat([frame, crcOf(frame)])
}

/** The message of a frame whose headers are dates and bytes, as those of a signed event are. */
function readFrame(frame: Uint8Array): EventMessage {
  const bytes = Buffer.from(frame)
  const holds = (at: number) => crcOf(bytes.subarray(0, at)).equals(bytes.subarray(at, at + 4))
  const end = bytes.length - 4
  if (!holds(8) || !holds(end)) throw new Error('The checksums of a frame do not hold.')
  const headers: Record<string, EventHeader> = {}
  const start = 12 + bytes.readUInt32BE(4)
  for (let at = 12; at < start; ) {
    const type = at + 1 + bytes.readUInt8(at)
    const name = bytes.toString('latin1', at + 1, type)
    const isDate = bytes.readUInt8(type) === 8
    const from = type + (isDate ? 1 : 3)
    at = from + (isDate ? 8 : bytes.readUInt16BE(type + 1))
    headers[name] = isDate
      ? { type: 'timestamp', value: new Date(Number(bytes.readBigInt64BE(from))) }
      : { type: 'binary', value: new Uint8Array(bytes.subarray(from, at)) }
  }
  return { headers, body: bytes.subarray(start, end) }
}

/** An answer that is a stream of events. */
export const eventStreamAnswer = (frames: readonly Uint8Array[]): Answer => ({
  headers: { 'content-type': 'application/vnd.amazon.eventstream' },
  body: concat(frames),
})

/** Whether a request says that its body is a stream of signed events. */
export const isEventStream = ({ headers }: IncomingMessage): boolean =>
  headers['x-amz-content-sha256'] === 'STREAMING-AWS4-HMAC-SHA256-EVENTS'

/**
 * Answers a stream of events while it comes, each with one: Transcribe's with a transcript that says
 * nothing, any other with itself. Keeps their payloads; gives the refusal of an event that does not hold.
 */
export async function answerEvents(
  message: IncomingMessage,
  response: ServerResponse,
  verified: Verified,
  now: () => Date,
  events: Uint8Array[],
): Promise<Refused | undefined> {
  const { payloads } = eventVerifier(verified, { now }, backend)
  const transcript = eventFrame('TranscriptEvent', '{"Transcript":{"Results":[]}}')
  response.flushHeaders()
  try {
    for await (const event of payloads(message, { decode: readFrame })) {
      events.push(event)
      response.write(verified.scope.service === 'transcribe' ? transcript : event)
    }
    response.end()
    return undefined
  } catch (error) {
    const cut = refuse('payload-mismatch', 'An event cannot be read, or the stream was cut off.')
    const refused = ((error as Error).cause as Refused | undefined) ?? cut
    response.end(eventFrame('BadRequestException', JSON.stringify({ Message: refused.message })))
    return refused
  }
}
