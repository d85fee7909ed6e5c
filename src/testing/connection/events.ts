import type { IncomingMessage, ServerResponse } from 'node:http'
import { backend } from '#crypto'
import { splitFrames } from '../../eventstream/frames.ts'
import { eventVerifier } from '../../eventstream/verifier.ts'
import { concat, toBytes } from '../../lib/bytes.ts'
import { type Refused, refuse } from '../../model/refusal.ts'
import type { Verified } from '../../model/verify-types.ts'
import type { Answer } from '../answers.ts'
import { decodeFrame, encodeFrame } from './event-codec.ts'

/** The frame of a server's event, or of the exception that ends a stream. */
export function eventFrame(
  name: string,
  body: string | Uint8Array,
  contentType = 'application/json',
): Uint8Array {
  const type = /Exception$/.test(name) ? 'exception' : 'event'
  const fields = { ':message-type': type, [`:${type}-type`]: name, ':content-type': contentType }
  return encodeFrame(fields, toBytes(body))
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
  const verifier = eventVerifier(verified, { now }, backend)
  const transcript = eventFrame('TranscriptEvent', '{"Transcript":{"Results":[]}}')

  async function readAll(): Promise<Refused | undefined> {
    let isEnded = false
    for await (const frame of splitFrames(message)) {
      const event = await verifier.verify(decodeFrame(frame))
      if (!event.ok) return event
      isEnded = event.last
      if (isEnded) continue
      events.push(event.body)
      response.write(verified.scope.service === 'transcribe' ? transcript : event.body)
    }
    return isEnded ? undefined : refuse('payload-mismatch', 'No empty event ends the stream.')
  }

  response.flushHeaders()
  const refused = await readAll().catch(() =>
    refuse('payload-mismatch', 'An event cannot be read, or the stream was cut off.'),
  )
  const told = refused && JSON.stringify({ Message: refused.message })
  response.end(told && eventFrame('BadRequestException', told))
  return refused
}
