import type { CryptoBackend, CryptoKeyLike, KeyUse } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type {
  DotSegments,
  EncodedSlash,
  PathEncoding,
  PathNormalization,
  SessionTokenPlace,
} from './option-words.ts'

/** Header fields as `fetch` takes them, or as a record whose values may repeat. */
export type HeadersInput =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A `URL`, by the member that is read of it. */
export interface UrlLike {
  /** The whole address, as the URL parser has spelled it. */
  readonly href: string
}

/** A body whose bytes are at hand, and so can be hashed. */
export type BytesBody = string | Uint8Array | ArrayBuffer | ArrayBufferView

/** A request to sign, whose body is at hand: its address, method, header fields and body. */
export interface SigningRequest {
  /** Upper-cased as `fetch` sends it. Default: `GET`. */
  method?: string
  /**
   * Absolute, of http, https, ws or wss. A string goes to the wire as it is spelled; a `URL` has lost
   * its dot segments already.
   */
  url: string | UrlLike
  /**
   * Header fields to send; most are signed, see `signableHeaders`. `host` stands for the URL's where it
   * is given. Default: none.
   */
  headers?: HeadersInput
  /** Text (its UTF-8) or bytes, hashed as they are sent. Default: an empty body. */
  body?: BytesBody | null
}

/** A request whose body cannot be hashed here (a stream, a form, a blob): it needs `payload`. */
export interface OpaqueRequest<Body = unknown> extends Omit<SigningRequest, 'body'> {
  /** Handed on as it is: what it holds is told by `payload` in the options. */
  body: Body
}

/** What countersign reads of a fetch `Request`. */
export interface FetchRequest {
  /** In upper case, as its constructor has left it. */
  readonly method: string
  /** Absolute; its dot segments are resolved already. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Iterable<readonly [string, string]>
  /** Null where there is none; Firefox does not show what it has. */
  readonly body: unknown
  /** Where the body is hashed, it is read of a clone, so that the request can still be sent. */
  clone(): {
    /** The bytes of the body. */
    arrayBuffer(): Promise<ArrayBuffer>
  }
}

/** Any request that a verb takes; which of them need `payload` is in the verbs' types. */
export type AnyRequest = SigningRequest | OpaqueRequest | FetchRequest

/** Who a key is of, and how long it lives: what every kind of key has. */
export interface KeyOwner {
  /** Such as `AKIAIOSFODNN7EXAMPLE`, or `ASIA…` of temporary credentials; it is sent with the request. */
  readonly accessKeyId: string
  /** Of temporary credentials: sent with the request, and signed where the service wants it. Default: none. */
  readonly sessionToken?: string | undefined
  /**
   * Header name of the token, where it has its own, as a session of S3 Express; it goes before that of
   * the options. Default: that of the options.
   */
  readonly sessionTokenName?: string | undefined
  /** When it ends, as a date, its text or seconds since 1970: from then on `expired-credentials`. Default: never. */
  readonly expiration?: Date | string | number | undefined
}

/** An access key; the identity of the AWS SDKs fits as it is. */
export interface Credentials extends KeyOwner {
  /** The secret that signs; it is never sent. */
  readonly secretAccessKey: string
}

/** The day, region and service that a derived key is good for. */
export interface KeyScope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  /** Such as `eu-west-1`. */
  readonly region: string
  /** As it stands in a credential scope: `s3`, `execute-api`. */
  readonly service: string
}

/** A signing key in place of the secret: it can sign and verify for one day, region and service. */
export interface DerivedCredentials extends KeyOwner {
  /** 32 bytes, as `deriveSigningKey` gives them. */
  readonly signingKey: Uint8Array
  /** What the key is good for; another region, service or day is `invalid-scope`. */
  readonly scope: KeyScope
}

/** A key that cannot be read, only used: the signing key of its scope, or the secret where it has none. */
export interface ImportedCredentials extends KeyOwner {
  /** Of HMAC, as `importCredentials` makes it. */
  readonly signingKey: CryptoKeyLike
  /** What a signing key is good for. Default: the key is that of the secret, good for every scope. */
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
  /** Whether the credential scope names a region, `regional`, or none, `global`. Default: `regional`. */
  readonly scope?: 'regional' | 'global'
  /**
   * The date and the credential scope of a signature; writes to the headers what the scope leaves
   * out. Default: `date/region/service/aws4_request`.
   */
  stamp?(
    date: Date,
    scope: Pick<CanonicalOptions, 'service'> & Partial<Pick<SignOptions, 'region' | 'regionSet'>>,
    headers: Record<string, string>,
  ): readonly [amzDate: string, credentialScope: string]
  /** Of a global scope: whether a region is one of those that a request was signed for. */
  includesRegion?(regionSet: readonly string[], region: string): boolean
  /** What a signature looks like, of whatever length. Default: lower-case hex digits. */
  readonly signatureForm?: RegExp
  /** The signing key of a credential and a credential scope; a cache may stand around it. */
  deriveKey(
    credentials: SigningCredentials,
    credentialScope: string,
    crypto: CryptoBackend,
  ): Awaitable<SigningKey>
  /** The signature of a string, in lower-case hex. */
  sign(key: SigningKey, stringToSign: string, crypto: CryptoBackend): Awaitable<string>
  /** Whether a signature holds. Default: sign again and compare. */
  verify?(
    key: SigningKey,
    stringToSign: string,
    signature: string,
    crypto: CryptoBackend,
  ): Awaitable<boolean>
  /** Throws, where the algorithm is for signing alone: what verifies calls it at once. Default: it verifies. */
  refuse?(): never
  /** Remembers a key that has proved right. Default: none is. */
  keep?(key: SigningKey): void
  /** Whether `deriveKey` gave a key that was remembered, and was spared its work. Default: none is. */
  isKept?(key: Awaitable<SigningKey>): boolean
}

/** The literal last line of the canonical request: 64 lower-case hex digits, or one of S3's words. */
export type PayloadHash = 'UNSIGNED-PAYLOAD' | `STREAMING-${string}` | (string & {})

/** How a request is canonicalised; each default comes from the service. */
export interface CanonicalOptions {
  /** As it stands in a credential scope: `s3`, `execute-api`, `lambda`; `inferScope` reads it from a URL. */
  service: string
  /**
   * Names of headers to sign although they are left out by default: `accept-encoding`,
   * `content-length`, `user-agent`, and what else clients and proxies rewrite on the way. Default: none.
   */
  signableHeaders?: Iterable<string> | undefined
  /** Names of headers to leave out, beside those; `cf-*` names all that begin so. Default: none. */
  unsignableHeaders?: Iterable<string> | undefined
  /** Default: `single` for S3's services, else `double`. */
  pathEncoding?: PathEncoding | undefined
  /** Default: `none` for S3's services, else `rfc3986`. */
  pathNormalization?: PathNormalization | undefined
  /** Default: `refuse`. */
  dotSegments?: DotSegments | undefined
  /** How `%2F` in a path of S3's services is sent and signed. Default: `slash`. */
  encodedSlash?: EncodedSlash | undefined
  /**
   * What is signed of the body. Default: the header `x-amz-content-sha256` where there is one; else the
   * body's SHA-256, but `UNSIGNED-PAYLOAD` where a URL of S3 is presigned.
   */
  payload?: PayloadHash | undefined
}

/** Regions in which a signature of SigV4a holds; each may have wildcards: `*`, `us-west-*`. */
export type RegionSet = string | readonly string[]

/** What a signing key is made for. */
export interface ScopeOptions {
  /** When it is signed; the key is good for this day, in UTC. */
  signingDate: Date
  /** Such as `eu-west-1`. */
  region: string
  /** For SigV4a, in place of `region`. Default: the region alone. */
  regionSet?: RegionSet | undefined
  /** As it stands in a credential scope: `s3`, `execute-api`. */
  service: string
  /** Default: SigV4's `AWS4-HMAC-SHA256`. */
  algorithm?: Algorithm | undefined
}

/** What {@link sign} signs with, and for what. */
export interface SignOptions extends CanonicalOptions {
  /**
   * The key to sign with, or a provider that is asked for it whenever it is needed; `createSigner`
   * remembers what a provider answers until shortly before its `expiration`.
   */
  credentials: SigningCredentials | CredentialsProvider
  /** Such as `eu-west-1`. It is never guessed, and not read from the environment. */
  region: string
  /** For SigV4a, in place of `region`. Default: the region alone. */
  regionSet?: RegionSet | undefined
  /** Default: now, corrected by the signer's clock offset. */
  signingDate?: Date | undefined
  /** Default: `appended` for `iotdevicegateway`, else `signed`. */
  sessionToken?: SessionTokenPlace | undefined
  /**
   * Header name of the session token, where the service has its own. Default: `x-amz-security-token`,
   * and `x-amz-s3session-token` for `s3express`.
   */
  sessionTokenName?: string | undefined
  /**
   * Let an `AKIA…` key without a session token sign in a browser page or worker, where every script can
   * read it. Default: `long-term-credentials`.
   */
  allowLongTermCredentials?: true | undefined
  /** Default: SigV4's `AWS4-HMAC-SHA256`. `sigv4a` of `countersign/sigv4a` is the other. */
  algorithm?: Algorithm | undefined
  /** The hashes to use. Default: the platform's, `node:crypto` or `crypto.subtle`. */
  crypto?: CryptoBackend | undefined
  /** Told of each use of the key; in Node, `diagnostics_channel` tells it too, as `countersign:sign`. */
  onSign?: ((use: KeyUse) => void) | undefined
}

/** What {@link presign} signs with, and how long its URL lives. */
export interface PresignOptions extends SignOptions {
  /** Whole seconds, 1 to 604800. Default: 900. */
  expiresIn?: number | undefined
  /** Headers to move into the query. Default: none. */
  hoistableHeaders?: Iterable<string> | undefined
}

/** How a signature came to be, stage by stage. */
export interface Trace {
  /** The request in the one spelling that both sides sign: method, path, query, headers, payload hash. */
  readonly canonicalRequest: string
  /** Four lines: algorithm, date, credential scope, SHA-256 of the canonical request. */
  readonly stringToSign: string
  /** `20150830/us-east-1/s3/aws4_request`; without a region for SigV4a. */
  readonly credentialScope: string
  /** In lower case, sorted. */
  readonly signedHeaders: readonly string[]
  /** Lower-case hex: 64 digits, or ECDSA's in DER. */
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
  /** In upper case. */
  method: string
  /** In the spelling that was signed: send it as it is, a URL parser may change it. */
  url: string
  /** Lower-case names; `host` only where it was given. */
  headers: Record<string, string>
  /** The body as it was given. */
  body?: Body
  /** Where the body may be a stream: `fetch` of Node and of Chromium sends one only with it. */
  duplex?: 'half'
  /** Lower-case hex, as it stands in the header or in the query. */
  signature: string
  /** How the signature came to be. */
  trace: Trace
}

/** A presigned URL; `headers` are what the sender must still send. */
export interface PresignedRequest<Body = SendableBody> extends SignedRequest<Body> {
  /** The earlier of the URL's end and the credentials' own. */
  expiresAt: Date
}
