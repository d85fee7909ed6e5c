import type { AnyRequest, SignedRequest, SignOptions } from '../../model/types.ts'
import type { ReceivedRequest, VerifyOptions } from '../../model/verify-types.ts'
import type { ExplainHints } from '../types.ts'

/** A request as either side has it: to be signed, as signed, or as received. */
export type ExplainedRequest = AnyRequest | ReceivedRequest | SignedRequest

/** From the client's side: what it signed with, and what the server answered. */
export interface ClientExplainOptions extends SignOptions, ExplainHints {
  /**
   * The body of the server's answer, whole or cut off, XML, JSON or text, of which the first 131 072
   * characters are read: no answer has as many. Default: none is known.
   */
  serverError?: string | undefined
}

/** From the server's side: what it verifies with. Default `pathForm`: `any`, as it is the signature that is explained. */
export interface ServerExplainOptions extends VerifyOptions, ExplainHints {}
