import type { Refused } from '../model/refusal.ts'
import type { Credentials } from '../model/types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import type { Answer } from './answer.ts'

/** A request, and what became of it. */
export interface Verdict {
  /** As it came over the wire, with its body as far as that came. */
  readonly request: ReceivedRequest
  /** What `verify` returned; a refusal where its chunks or trailer did not hold. */
  readonly result: Verified | Refused
}

/** How a test server verifies: as `verify`, but any service and any path, unless it is told otherwise. */
export interface VerifyingServerOptions
  extends Partial<Omit<VerifyOptions, 'credentials' | 'now' | 'payload'>> {
  /** The key that clients sign with, or a lookup of keys. Default: AWS's example key, AKIDEXAMPLE. */
  readonly credentials?: Credentials | VerifyOptions['credentials'] | undefined
  /** The time to judge by, which its answers have as their date, or what tells it. Default: the system clock. */
  readonly now?: Date | (() => Date) | undefined
  /** Where it listens, on 127.0.0.1. Default: any port that is free. */
  readonly port?: number | undefined
  /** Makes it an https server. Default: http. */
  readonly tls?:
    | {
        /** The private key, as PEM. */
        readonly key: string
        /** The certificate, as PEM, with those that it depends on. */
        readonly cert: string
      }
    | undefined
  /** Answers a verified request in place of the built-in service; undefined leaves it to that. */
  readonly answer?:
    | ((request: ReceivedRequest, verified: Verified) => Answer | undefined)
    | undefined
}

/** A key in the form that the AWS SDKs take under `exactOptionalPropertyTypes` too. */
export interface ClientKey {
  /** Such as `AKIDEXAMPLE`; it is sent with each request. */
  readonly accessKeyId: string
  /** The secret that signs; it is never sent. */
  readonly secretAccessKey: string
  /** Absent for a long-term key. */
  readonly sessionToken?: string
  /** When the key ends; absent where it does not. */
  readonly expiration?: Date
}

/** A server on the loopback that accepts what AWS would accept. */
export interface VerifyingServer {
  /** `http://127.0.0.1:PORT`: the `endpoint` of an AWS client. */
  readonly url: string
  /** The one that it listens on. */
  readonly port: number
  /** The key for the client: the one that was given, or AWS's example key. Not enumerable. */
  readonly credentials: ClientKey
  /** Every request so far, in order. */
  readonly verdicts: readonly Verdict[]
  /** The latest request and what became of it; undefined before the first. */
  readonly lastVerdict: Verdict | undefined
  /** Ends the server, and the connections that are still open. */
  close(): Promise<void>
}
