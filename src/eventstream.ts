/**
 * `countersign/eventstream`: the events of a stream, each signed and verified in a chain.
 *
 * @module
 */
export type {
  Chunks,
  EventCodec,
  EventHeader,
  EventMessage,
  SignedEvent,
  SignedEventHeaders,
} from './eventstream/message.ts'
export type { EventSigner, EventSignerOptions } from './eventstream/signer.ts'
export type {
  EventRequest,
  EventVerifier,
  EventVerifierOptions,
  VerifiedEvent,
} from './eventstream/verifier.ts'
export { createEventSigner, createEventVerifier } from './verbs/events.ts'
