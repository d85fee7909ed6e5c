import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type { PathEncoding, PathNormalization, SessionTokenPlace } from './option-words.ts'
import type { Algorithm, Credentials, DerivedCredentials, HeadersInput, Trace } from './types.ts'

/** A request as it came over the wire. */
export interface ReceivedRequest {
  method: string
  /** The raw request target, or an absolute URL: not decoded, not normalised. */
  url: string
  /** As received; `:authority` serves as `host` in HTTP/2. */
  headers?: HeadersInput
  /** Absent: an empty body. */
  body?: Uint8Array | string | undefined
}

/** Where a signature stands in a request. */
export type SignaturePlacement = 'header' | 'query'

/** What a request says of its signature before anything is proved. */
export interface Claim {
  readonly placement: SignaturePlacement
  readonly algorithm: string
  readonly accessKeyId: string
  readonly scope: VerifiedScope
  readonly signedHeaders: readonly string[]
  readonly signedAt: Date
  /** Seconds; of a presigned request. */
  readonly expiresIn?: number
}

/** The scope of a signature; with a set of regions where the algorithm has none in its key. */
export interface VerifiedScope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  readonly region?: string
  /** Names and patterns (`us-west-*`) of regions, of SigV4a. */
  readonly regionSet?: readonly string[]
  readonly service: string
}

/** Lets each request in once. */
export interface ReplayGuard {
  /** True where the id was not claimed before; it is kept until `expiresAt`. */
  claim(id: string, expiresAt: Date): Awaitable<boolean>
}

/** A key that can verify. */
export type VerifyingCredentials = Credentials | DerivedCredentials

/** The options of {@link verify}. */
export interface VerifyOptions {
  /** The key of an access key id, several while it rotates, undefined where there is none. What it throws is passed on. */
  credentials: (
    accessKeyId: string,
    claim: Claim,
  ) => Awaitable<VerifyingCredentials | readonly VerifyingCredentials[] | undefined>
  /** Decides the path rule, and that another service's key does not open this one. */
  service: string | readonly string[] | 'any'
  region?: string | readonly string[] | undefined
  /** Default: now. */
  now?: Date | undefined
  /** Seconds. Default: 900. */
  maxClockSkew?: number | undefined
  /** Seconds. Default: 604800. */
  maxExpiresIn?: number | undefined
  /** `deferred`: the body is checked by `Verified.payloadCheck` as it streams. Default: `hash`. */
  payload?: 'hash' | 'deferred' | undefined
  /** Default: `accept` for S3's services alone. */
  unsignedPayload?: 'accept' | 'refuse' | undefined
  /** Other names that the sender may have used, behind a proxy. */
  hosts?: readonly string[] | undefined
  /** `x-amz-*` headers that may come unsigned. Default: none. */
  toleratedUnsignedHeaders?: Iterable<string> | undefined
  pathEncoding?: PathEncoding | undefined
  pathNormalization?: PathNormalization | undefined
  /** How a bare `+` in a query (and in a path of S3) is read. Default: `space`. */
  plus?: 'space' | 'literal' | undefined
  sessionToken?: SessionTokenPlace | undefined
  sessionTokenName?: string | undefined
  algorithm?: Algorithm | readonly Algorithm[] | undefined
  crypto?: CryptoBackend | undefined
  replayGuard?: ReplayGuard | undefined
}

/** The platform's `TransformStream` of bytes, where it has one. */
export type PayloadCheck = typeof globalThis extends {
  TransformStream: { prototype: infer Stream }
}
  ? Stream
  : { readonly readable: unknown; readonly writable: unknown }

/** A request whose signature holds. */
export interface Verified {
  readonly ok: true
  readonly accessKeyId: string
  /** The key that matched; not enumerable. */
  readonly credentials: VerifyingCredentials
  readonly scope: VerifiedScope
  /** The name that the sender signed for: route by it. */
  readonly host: string
  readonly signedHeaders: readonly string[]
  readonly placement: SignaturePlacement
  readonly signedAt: Date
  /** When the request can no longer be accepted. */
  readonly expiresAt: Date
  readonly payload: 'verified' | 'unsigned' | 'streaming' | 'deferred'
  /** With `payload: 'deferred'`: passes the body on, and fails at the end of a wrong one. */
  readonly payloadCheck?: PayloadCheck
  readonly trace: Trace
}
