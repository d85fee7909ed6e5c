import type { CryptoBackend, CryptoKeyLike, KeyUse } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'

/** Header fields as `fetch` takes them, or as a record whose values may repeat. */
export type HeadersInput =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A `URL`, by the member that is read of it. */
export interface UrlLike {
  readonly href: string
}

/** A body whose bytes are at hand, and so can be hashed. */
export type BytesBody = string | Uint8Array | ArrayBuffer | ArrayBufferView

/** A request to sign. */
export interface SigningRequest {
  /** Upper-cased as `fetch` sends it. Default: `GET`. */
  method?: string
  /** Absolute. A string goes to the wire as it is spelled; a `URL` has lost its dot segments already. */
  url: string | UrlLike
  headers?: HeadersInput
  body?: BytesBody | null
}

/** A request whose body cannot be hashed here (a stream, a form, a blob): it needs `payload`. */
export interface OpaqueRequest<Body = unknown> extends Omit<SigningRequest, 'body'> {
  body: Body
}

/** What countersign reads of a fetch `Request`. */
export interface FetchRequest {
  readonly method: string
  readonly url: string
  readonly headers: Iterable<readonly [string, string]>
  readonly body: unknown
  clone(): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** Any request that a verb takes; which of them need `payload` is in the verbs' types. */
export type AnyRequest = SigningRequest | OpaqueRequest | FetchRequest

/** An access key; the identity of the AWS SDKs fits as it is. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  readonly expiration?: Date | undefined
}

/** The day, region and service that a derived key is good for. */
export interface KeyScope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  readonly region: string
  readonly service: string
}

interface KeyHandle {
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
  readonly expiration?: Date | undefined
}

/** A signing key in place of the secret: it can sign and verify for one day, region and service. */
export interface DerivedCredentials extends KeyHandle {
  /** 32 bytes. */
  readonly signingKey: Uint8Array
  readonly scope: KeyScope
}

/** A key that cannot be read, only used: the signing key of its scope, or the secret where it has none. */
export interface ImportedCredentials extends KeyHandle {
  readonly signingKey: CryptoKeyLike
  readonly scope?: KeyScope | undefined
}

/** Any key that can sign. */
export type SigningCredentials = Credentials | DerivedCredentials | ImportedCredentials

/** Asked for credentials whenever they are needed. */
export type CredentialsProvider = () => Awaitable<SigningCredentials>

/** A signing key as an algorithm keeps it; opaque to everything else. */
export type SigningKey = unknown

/** A way to sign a string: SigV4's HMAC, or another passed as `algorithm`. */
export interface Algorithm {
  /** The first line of the string to sign. */
  readonly name: string
  /** `global`: the scope has no region. Default: `regional`. */
  readonly scope?: 'regional' | 'global'
  /**
   * The date and the credential scope of a signature; writes to the headers what the scope leaves
   * out. Default: `date/region/service/aws4_request`.
   */
  stamp?(
    date: Date,
    scope: { service: string; region?: string | undefined; regionSet?: RegionSet | undefined },
    headers: Record<string, string>,
  ): readonly [amzDate: string, credentialScope: string]
  /** Of a global scope: whether a region is one of those that a request was signed for. */
  includesRegion?(regionSet: readonly string[], region: string): boolean
  /** What a signature looks like. Default: 64 lower-case hex digits. */
  readonly signatureForm?: RegExp
  /** The signing key of a credential and a credential scope. */
  deriveKey(
    credentials: SigningCredentials,
    credentialScope: string,
    crypto: CryptoBackend,
  ): Awaitable<SigningKey>
  /** The signature of a string, in hex. */
  sign(key: SigningKey, stringToSign: string, crypto: CryptoBackend): Awaitable<string>
  /** Whether a signature holds. Default: sign again and compare. */
  verify?(
    key: SigningKey,
    stringToSign: string,
    signature: string,
    crypto: CryptoBackend,
  ): Awaitable<boolean>
  /** Remembers a key that has proved right. */
  keep?(key: SigningKey): void
}

export type PathEncoding = 'single' | 'double'
export type PathNormalization = 'none' | 'rfc3986'
export type DotSegments = 'refuse' | 'literal'
export type SessionTokenPlace = 'signed' | 'appended'

/** The literal last line of the canonical request: 64 lower-case hex digits, or one of S3's words. */
export type PayloadHash = 'UNSIGNED-PAYLOAD' | `STREAMING-${string}` | (string & {})

/** How a request is canonicalised; each default comes from the service. */
export interface CanonicalOptions {
  service: string
  signableHeaders?: Iterable<string> | undefined
  unsignableHeaders?: Iterable<string> | undefined
  pathEncoding?: PathEncoding | undefined
  pathNormalization?: PathNormalization | undefined
  dotSegments?: DotSegments | undefined
  payload?: PayloadHash | undefined
}

/** Regions in which a signature of SigV4a holds; each may have wildcards: `*`, `us-west-*`. */
export type RegionSet = string | readonly string[]

/** Options with one region, or with a set of them and an algorithm that signs for a set. */
export type InRegions<Options extends { region: string }> =
  | Options
  | (Omit<Options, 'region' | 'regionSet' | 'algorithm'> & {
      region?: string | undefined
      regionSet: RegionSet
      algorithm: Algorithm
    })

/** What a signing key is made for. */
export interface ScopeOptions {
  signingDate: Date
  region: string
  regionSet?: RegionSet | undefined
  service: string
  algorithm?: Algorithm | undefined
}

/** The options of {@link sign}. */
export interface SignOptions extends CanonicalOptions {
  credentials: SigningCredentials | CredentialsProvider
  region: string
  /** For SigV4a, in place of `region`. Default: the region alone. */
  regionSet?: RegionSet | undefined
  /** Default: now, corrected by the signer's clock offset. */
  signingDate?: Date | undefined
  sessionToken?: SessionTokenPlace | undefined
  /** Header name of the session token, where the service has its own. */
  sessionTokenName?: string | undefined
  /** Let an `AKIA…` key without a session token sign in a browser page or worker. */
  allowLongTermCredentials?: true | undefined
  algorithm?: Algorithm | undefined
  crypto?: CryptoBackend | undefined
  /** Told of each use of the key; in Node, `diagnostics_channel` tells it too, as `countersign:sign`. */
  onSign?: ((use: KeyUse) => void) | undefined
}

/** The options of {@link presign}. */
export interface PresignOptions extends SignOptions {
  /** Whole seconds, 1 to 604800. Default: 900. */
  expiresIn?: number | undefined
  /** Headers to move into the query. Default: none. */
  hoistableHeaders?: Iterable<string> | undefined
}

/** How a signature came to be, stage by stage. */
export interface Trace {
  readonly canonicalRequest: string
  readonly stringToSign: string
  readonly credentialScope: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

type FetchInit = typeof globalThis extends { fetch: (input: never, init?: infer Init) => unknown }
  ? NonNullable<Init>
  : unknown

/** Bytes as the platform's own `fetch` takes them, where it has one. */
export type SendableBody = FetchInit extends { body?: infer Body }
  ? (BytesBody | null) & Body
  : BytesBody | null

/** A signed request, in the shape that `fetch(signed.url, signed)` sends. */
export interface SignedRequest<Body = SendableBody> {
  method: string
  url: string
  /** Lower-case names; `host` only where it was given. */
  headers: Record<string, string>
  body?: Body
  duplex?: 'half'
  signature: string
  trace: Trace
}

/** A presigned URL; `headers` are what the sender must still send. */
export interface PresignedRequest<Body = SendableBody> extends SignedRequest<Body> {
  /** The earlier of the URL's end and the credentials' own. */
  expiresAt: Date
}
