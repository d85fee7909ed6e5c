import { sigv4 } from '../algorithms/sigv4.ts'
import { isRefused, type Refused } from '../model/refusal.ts'
import type { ReceivedRequest, VerifyOptions } from '../model/verify-types.ts'
import type { ReadingMemory } from './memory.ts'
import { profileOf, type ReceivedProfile } from './profile.ts'
import { type Received, readReceived } from './received.ts'
import { readStatement, type Statement } from './statement.ts'

/** What a request is and what it states of its signature, before anything of it is proved. */
export interface Reading {
  readonly received: Received
  readonly statement: Statement
  /** How the service of its scope reads it. */
  readonly profile: ReceivedProfile
  readonly refusal?: undefined
}

/** A request that cannot be read to the end, and why. */
export interface Unread {
  /** The request, as far as it could be read. */
  readonly received?: Received
  readonly statement?: undefined
  readonly refusal: Refused
}

/** The options that decide how a request is read. */
export type ReadingOptions = Partial<
  Pick<
    VerifyOptions,
    | 'algorithm'
    | 'plus'
    | 'pathEncoding'
    | 'pathNormalization'
    | 'encodedSlash'
    | 'sessionToken'
    | 'sessionTokenName'
  >
>

/** Reads a request: for `verify`, for `explain`, and for a server that answers in a client's words. */
export function readRequest(
  request: ReceivedRequest,
  options: ReadingOptions,
  memory?: ReadingMemory,
): Reading | Unread {
  const { algorithm: accepted = sigv4 } = options
  const received = readReceived(request, options)
  if (isRefused(received)) return { refusal: received }
  const algorithms = Array.isArray(accepted) ? accepted : [accepted]
  const statement = readStatement(received, algorithms, memory)
  if (isRefused(statement)) return { received, refusal: statement }
  const profile = (memory?.profile ?? profileOf)(statement.claim.scope.service, options)
  return { received, statement, profile }
}
