import type { Trace } from './types.ts'
import type { SignaturePlacement } from './verify-types.ts'

/** Why a request is refused. */
export type RefusalReason =
  | 'missing-authentication'
  | 'malformed-authorization'
  | 'unsupported-algorithm'
  | 'scope-mismatch'
  | 'unknown-access-key'
  | 'invalid-session-token'
  | 'expired-session-token'
  | 'clock-skew'
  | 'expired'
  | 'not-yet-valid'
  | 'unsigned-headers'
  | 'signed-header-missing'
  | 'missing-payload-hash'
  | 'unsigned-payload'
  | 'payload-mismatch'
  | 'signature-mismatch'
  | 'replayed'
  | 'ambiguous-path'
  | 'host-mismatch'
  | 'replay-store-failed'

/** A part of what a request says of its signature. */
export type RefusedPart =
  | 'algorithm'
  | 'credential'
  | 'date'
  | 'expires'
  | 'placement'
  | 'region'
  | 'service'
  | 'signature'
  | 'signed-headers'
  | 'url'

/** What a refusal is about, for programs. */
export interface RefusedAbout {
  /** Name of a header, in lower case. */
  readonly header?: string
  /** Name of a parameter of the query, as AWS spells it: `X-Amz-Expires`. */
  readonly parameter?: string
  /** Which part of what it says of its signature. */
  readonly part?: RefusedPart
}

/** A request that is refused, and why; never with the signature that was expected. */
export interface Refused {
  /** False: the request must not be let in. Tells this from a `Verified`. */
  readonly ok: false
  /** Why, for programs: the message is for people. */
  readonly reason: RefusalReason
  /** A sentence for the developer; it holds no secret. */
  readonly message: string
  /** The HTTP status that AWS answers with. */
  readonly status: number
  /** What the refusal is about, where it is about one thing. */
  readonly about?: RefusedAbout
  /**
   * Where its signature was looked for: in its Authorization header where it has one, else in its
   * query; not enumerable.
   */
  readonly placement?: SignaturePlacement | undefined
  /** Who signed, as the sender wrote it, where that could be read; not enumerable. */
  readonly presented?:
    | {
        /** The access key id, known or not. */
        readonly accessKeyId: string
        /** The signature that came; never the one that was expected. */
        readonly signature: string
      }
    | undefined
  /** What the verifier takes; not enumerable. */
  readonly expected?: {
    /** The regions that it is for; undefined where it takes any. */
    readonly region?: string | readonly string[] | undefined
  }
  /** What was canonicalised and would have been signed, where it came to that. */
  readonly trace?: Omit<Trace, 'signature'>
  /** The request's time and the server's, where time was the fault. */
  readonly times?: {
    /** When it says that it was signed. */
    readonly request: Date
    /** The time that it was judged by. */
    readonly server: Date
  }
  /** Whether it tells of a key that was looked up for a form; not enumerable. */
  readonly ofKey?: boolean
  /** With `replay-store-failed`: the error of the replay guard's store; not enumerable. */
  readonly cause?: unknown
}

/** The reasons that AWS answers with 400; the others are 403, and a store that fails is 503. */
const BAD_REQUEST: readonly RefusalReason[] = [
  'malformed-authorization',
  'unsupported-algorithm',
  'scope-mismatch',
  'invalid-session-token',
  'expired-session-token',
  'missing-payload-hash',
  'payload-mismatch',
  'ambiguous-path',
  'host-mismatch',
]

/** A refusal, with the status of its reason. */
export const refuse = (
  reason: RefusalReason,
  message: string,
  more?: Pick<Refused, 'about' | 'trace' | 'times'>,
): Refused => ({
  ok: false,
  reason,
  message,
  status: BAD_REQUEST.includes(reason) ? 400 : reason === 'replay-store-failed' ? 503 : 403,
  ...more,
})

/** A refusal of what cannot be read. */
export const malformed = (message: string, about: RefusedAbout): Refused =>
  refuse('malformed-authorization', message, { about })

/** Tells a refusal from what a step returns otherwise. */
export const isRefused = (value: object): value is Refused => (value as Refused).ok === false

/** What of a stranger's text may stand in a message, wherever that is shown. */
export const repeatable = (text: string): string => text.replace(/[^\w.*,-]+/g, '').slice(0, 64)
