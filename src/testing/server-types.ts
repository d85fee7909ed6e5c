import type { Awaitable } from '../lib/awaitable.ts'
import type { RefusedPost } from '../model/post.ts'
import type { Refused } from '../model/refusal.ts'
import type { Credentials } from '../model/types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import type { Answer } from './answers.ts'
import type { FaultKind, FaultOptions } from './faults.ts'

/**
 * A request that is let in although it bears no signature of its own: a form, whose policy is signed,
 * or a call that needs none. What `verify` says of others is absent where there is nothing to say.
 */
export interface Admitted extends Partial<Omit<Verified, 'ok' | 'payload'>> {
  /** True: it is let in, as a `Verified` is. */
  readonly ok: true
  /** Nothing is proved of its body. */
  readonly payload: 'unsigned'
}

/** A request, and what became of it. */
export interface Verdict {
  /** As it came over the wire, with its body as far as that came; without that of a stream of events. */
  readonly request: ReceivedRequest
  /** As in the scope that it is signed for: `s3`. Where it has none, as far as its call tells. */
  readonly service: string
  /** What it asks for, by AWS's name, such as `PutObject`; undefined where that cannot be told. */
  readonly operation?: string | undefined
  /** What `verify` returned; a refusal where its chunks, trailer or events did not hold. */
  readonly result: Verified | Admitted | Refused | RefusedPost
  /** The fault that it was answered with, where `fail` had asked for one. */
  readonly fault?: FaultKind | undefined
  /** Payloads of its events that were verified so far, where it is a stream of events. */
  readonly events?: readonly Uint8Array[] | undefined
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
  /** Makes it an https server, of HTTP/1.1 and HTTP/2. Default: http, of both as well. */
  readonly tls?:
    | {
        /** The private key, as PEM. */
        readonly key: string
        /** The certificate, as PEM, with those that it depends on. */
        readonly cert: string
      }
    | undefined
  /** Origins of pages that may read its answers, such as `http://localhost:5173`. Default: none. */
  readonly cors?: '*' | readonly string[] | undefined
  /** Answers a verified request in place of the built-in service; undefined leaves it to that. */
  readonly answer?:
    | ((request: ReceivedRequest, verified: Verified) => Awaitable<Answer | undefined>)
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
export interface VerifyingServer<Key extends ClientKey | undefined = ClientKey> {
  /** `http://127.0.0.1:PORT`: the `endpoint` of an AWS client. */
  readonly url: string
  /** The one that it listens on. */
  readonly port: number
  /**
   * The key for the client: the one that was given, or AWS's example key; undefined where a lookup was
   * given, which alone knows its keys. Not enumerable.
   */
  readonly credentials: Key
  /** Every request so far, in order. */
  readonly verdicts: readonly Verdict[]
  /** The latest request and what became of it; undefined before the first. */
  readonly lastVerdict: Verdict | undefined
  /**
   * Has the next requests that hold answered as AWS answers in trouble, in the client's protocol, or
   * not at all (`cut-connection`). Calls add up, and what is refused for its signature stays so.
   *
   * @throws CountersignError `invalid-options` where `kind` is another word, or `times` below 1
   * @example
   * server.fail('throttle', { times: 2, service: 'dynamodb' })
   */
  fail(kind: FaultKind, options?: FaultOptions): void
  /** Forgets verdicts, faults, whatever its services keep, and the keys that they made. */
  reset(): void
  /** Ends the server, and the connections that are still open. */
  close(): Promise<void>
}
