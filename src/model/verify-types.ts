import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type {
  EncodedSlash,
  PathEncoding,
  PathNormalization,
  SessionTokenPlace,
} from './option-words.ts'
import type { Algorithm, Credentials, DerivedCredentials, HeadersInput, Trace } from './types.ts'

/** A request as it came over the wire. */
export interface ReceivedRequest {
  /** As it stood in the request line: it is signed to the letter. */
  method: string
  /**
   * The raw request target, or an absolute URL: not decoded, not normalised. The host of a URL must be
   * that of the headers, or the request is refused as `host-mismatch`: where a framework has made up a
   * URL of its own, give its path and query alone, as `receivedFrom` of `countersign/fetch` does.
   * One of more than 2 MiB, or with 1000 `&` or more, is refused as `malformed-authorization`.
   * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
   */
  url: string
  /**
   * As received; `:authority` serves as `host` in HTTP/2, and must be the same where both came.
   * @see https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1
   */
  headers?: HeadersInput
  /** Absent: an empty body. */
  body?: Uint8Array | string | undefined
}

/** Where a signature stands in a request. */
export type SignaturePlacement = 'header' | 'query'

/** What a request says of its signature before anything is proved. */
export interface Claim {
  /** Where it stands: in the Authorization header, or in the query of a presigned URL. */
  readonly placement: SignaturePlacement
  /** `AWS4-HMAC-SHA256`, or the name of another that is accepted. */
  readonly algorithm: string
  /** Whose key is claimed to have signed: look it up by this. */
  readonly accessKeyId: string
  /** The day, region and service that it says it is signed for. */
  readonly scope: VerifiedScope
  /** Names in lower case, as they stand in the request. */
  readonly signedHeaders: readonly string[]
  /** The time of `x-amz-date`, else of `date`. */
  readonly signedAt: Date
  /** Seconds that a presigned request lives; absent for one signed in its header, and where a URL of IoT states none. */
  readonly expiresIn?: number
}

/** The scope of a signature; with a set of regions where the algorithm has none in its key. */
export interface VerifiedScope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  /** Such as `eu-west-1`; absent for SigV4a, which has a set of them. */
  readonly region?: string
  /** Names and patterns (`us-west-*`) of regions, of SigV4a. */
  readonly regionSet?: readonly string[]
  /** As the sender signed for it: `s3`, `execute-api`. */
  readonly service: string
}

/** Lets each request in once. */
export interface ReplayGuard {
  /**
   * True where the id was not claimed before. It is kept a few minutes longer than `expiresAt`, and
   * what has expired by the guard's own clock is refused. An error, as of a store that is full or
   * cannot be reached, is told as `replay-store-failed`.
   */
  claim(id: string, expiresAt: Date, accessKeyId: string): Awaitable<boolean>
}

/** A key that can verify. */
export type VerifyingCredentials = Credentials | DerivedCredentials

/** What {@link verify} holds a request to, and where it looks up keys. */
export interface VerifyOptions {
  /** The key of an access key id, several while it rotates, undefined where there is none. What it throws is passed on. */
  credentials: (
    accessKeyId: string,
    claim: Claim,
  ) => Awaitable<VerifyingCredentials | readonly VerifyingCredentials[] | undefined>
  /**
   * The services that this server is, as they stand in a credential scope. It decides the path rule,
   * and that another service's key does not open this one; `any` takes whatever is signed for.
   */
  service: string | readonly string[] | 'any'
  /** The regions that a request may be signed for. Default: any. */
  region?: string | readonly string[] | undefined
  /** The time to judge by. Default: the system clock. */
  now?: Date | undefined
  /** Seconds that the sender's clock may be off, either way. Default: 900, as AWS has it. */
  maxClockSkew?: number | undefined
  /** The longest life, in seconds, that a presigned request may state. Default: 604800, as AWS has it. */
  maxExpiresIn?: number | undefined
  /**
   * `deferred`: the body is checked as it streams, by `readBody` of `countersign/s3` or by
   * `Verified.payloadCheck`. Default: `hash`.
   */
  payload?: 'hash' | 'deferred' | undefined
  /**
   * Whether a request whose body is not signed is let in (`UNSIGNED-PAYLOAD`, unsigned chunks).
   * Default: `accept` for S3's services alone.
   */
  unsignedPayload?: 'accept' | 'refuse' | undefined
  /**
   * All the names that this server answers to, each with its port where that is not 80 or 443; case is
   * of no account. A received `Host` among them is the only one that is tried; another, which is a
   * proxy's, is replaced by each name in turn. `*.example.com` stands for every name that ends so, and
   * is not tried. Default: the received `Host` is believed.
   */
  hosts?: readonly string[] | undefined
  /**
   * `normal` refuses a path that a router may resolve to another than was signed, as `ambiguous-path`:
   * one with dot segments (`.`, `..`, `%2e`), or that has them once it is decoded (`..%2F`, `%5C..`);
   * one with `%00`; and, where the service removes empty segments, one with `//`. `any` accepts it:
   * then route by `Verified.path` alone, and never resolve that. Default: `normal`.
   */
  pathForm?: 'normal' | 'any' | undefined
  /** `x-amz-*` headers that may come unsigned. Default: none. */
  toleratedUnsignedHeaders?: Iterable<string> | undefined
  /** How often the sender has encoded the path. Default: `single` for S3's services, else `double`. */
  pathEncoding?: PathEncoding | undefined
  /** Whether the sender has resolved dot segments. Default: `none` for S3's services, else `rfc3986`. */
  pathNormalization?: PathNormalization | undefined
  /** How `%2F` in a path of S3's services is read. Default: `slash`. */
  encodedSlash?: EncodedSlash | undefined
  /** How a bare `+` in a query (and in a path of S3) is read. Default: `space`. */
  plus?: 'space' | 'literal' | undefined
  /** Whether the session token is signed. Default: `appended` for `iotdevicegateway`, else `signed`. */
  sessionToken?: SessionTokenPlace | undefined
  /**
   * Header name of the session token. Default: `x-amz-security-token`, and `x-amz-s3session-token` for
   * `s3express`. A token that stands in `x-amz-security-token` in its place is read there.
   */
  sessionTokenName?: string | undefined
  /** Those that are accepted. Default: SigV4's `AWS4-HMAC-SHA256` alone. */
  algorithm?: Algorithm | readonly Algorithm[] | undefined
  /** The hashes to use. Default: the platform's, `node:crypto` or `crypto.subtle`. */
  crypto?: CryptoBackend | undefined
  /** Lets each request in once: `createReplayGuard`, `redisReplayGuard`, or your own. Default: none does. */
  replayGuard?: ReplayGuard | undefined
}

/** The platform's `TransformStream` of bytes, where it has one. */
export type PayloadCheck = typeof globalThis extends {
  TransformStream: { prototype: infer Stream }
}
  ? Stream
  : {
      /** The body as it passes, to be read to its end before it is believed. */
      readonly readable: unknown
      /** Where the received body goes in. */
      readonly writable: unknown
    }

/** A request whose signature holds. */
export interface Verified {
  /** True: the request may be let in. Tells this from a `Refused`. */
  readonly ok: true
  /** Whose key has signed: this is who asks. */
  readonly accessKeyId: string
  /** The key that matched; not enumerable. */
  readonly credentials: VerifyingCredentials
  /** The day, region and service that it is signed for. */
  readonly scope: VerifiedScope
  /** The name that the sender signed for, in the sender's own spelling: route by it. */
  readonly host: string
  /**
   * The path that the sender signed, without the query: route by it. It is normalised where the
   * service does that, and encoded once for every service, so that S3's `/a+b` is `/a%20b`, and its
   * `/a%2Fb` is `/a/b` unless `encodedSlash` is `literal`. Decode it segment by segment, and never resolve it as a URL.
   */
  readonly path: string
  /** Names in lower case: no other header is proved. */
  readonly signedHeaders: readonly string[]
  /** Where the signature stood: in the Authorization header, or in the query of a presigned URL. */
  readonly placement: SignaturePlacement
  /** The time that the sender signed. */
  readonly signedAt: Date
  /** When the request can no longer be accepted. */
  readonly expiresAt: Date
  /**
   * What is proved of the body: `verified` that it is the one signed; `unsigned` nothing; `streaming`
   * what `readBody` or an event verifier will; `deferred` what `readBody` or `payloadCheck` will.
   */
  readonly payload: 'verified' | 'unsigned' | 'streaming' | 'deferred'
  /** With `payload: 'deferred'`: passes the body on, and fails at the end of a wrong one. */
  readonly payloadCheck?: PayloadCheck
  /** How the signature came to be, stage by stage. */
  readonly trace: Trace
}
