import type { PastedRequest } from '../inputs/pasted.ts'
import type { Claim } from '../model/verify-types.ts'
import { readRequest } from '../verify/read.ts'
import { statedEnd } from '../verify/statement.ts'

/** What a pasted request says of its time; undefined where it cannot be read. */
export interface Life {
  /** When it was signed. */
  readonly signedAt: Date
  /** When its presigned URL ends; undefined where it is signed in its header. */
  readonly endsAt: Date | undefined
}

/** Reads the time of a request as verify does, before it is judged. */
export function lifeOf(request: PastedRequest): Life | undefined {
  const { statement } = readRequest(request, {})
  if (!statement) return undefined
  return { signedAt: statement.claim.signedAt, endsAt: statedEnd(statement.claim) }
}

/** What a request states of its signature; undefined where it has none that can be read. */
export const claimOf = (request: PastedRequest): Claim | undefined =>
  readRequest(request, {}).statement?.claim

/** The scope that a request states. */
export const scopeStated = (request: PastedRequest): Claim['scope'] | undefined =>
  claimOf(request)?.scope
