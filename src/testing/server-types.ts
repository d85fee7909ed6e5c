import type { Refused } from '../model/refusal.ts'
import type { Credentials } from '../model/types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import type { Answer } from './answer.ts'

/** A request, and what became of it. */
export interface Verdict {
  readonly request: ReceivedRequest
  readonly result: Verified | Refused
}

/** How a test server verifies: as `verify`, unless it is told otherwise. */
export interface VerifyingServerOptions
  extends Partial<Omit<VerifyOptions, 'credentials' | 'now' | 'payload'>> {
  /** Default: AWS's example key, AKIDEXAMPLE. */
  readonly credentials?: Credentials | VerifyOptions['credentials'] | undefined
  /** Default: the system clock. */
  readonly now?: Date | (() => Date) | undefined
  /** Default: any that is free. */
  readonly port?: number | undefined
  /** PEM texts: makes it an https server. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  /** Answers a verified request in place of the built-in service; undefined leaves it to that. */
  readonly answer?:
    | ((request: ReceivedRequest, verified: Verified) => Answer | undefined)
    | undefined
}

/** A key in the form that the AWS SDKs take under `exactOptionalPropertyTypes` too. */
export interface ClientKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/** A server on the loopback that accepts what AWS would accept. */
export interface VerifyingServer {
  /** `http://127.0.0.1:PORT`: the `endpoint` of an AWS client. */
  readonly url: string
  readonly port: number
  /** The key for the client: the one that was given, or AWS's example key. Not enumerable. */
  readonly credentials: ClientKey
  /** Every request so far, in order. */
  readonly verdicts: readonly Verdict[]
  readonly lastVerdict: Verdict | undefined
  close(): Promise<void>
}
