import type { Awaitable } from '../lib/awaitable.ts'

/** A WebCrypto `CryptoKey`, by the two members that tell it from bytes. */
export interface CryptoKeyLike {
  /** What kind of key it is: `secret` for one of HMAC. */
  readonly type: string
  /** Whether the platform would hand out its bytes; of a key that cannot be read, false. */
  readonly extractable: boolean
}

/** A key of HMAC: a text (its UTF-8 bytes), bytes, or a key that cannot be read. */
export type HmacKey = string | Uint8Array | CryptoKeyLike

/** SHA-256 of bytes that come one after another. */
export interface Sha256Stream {
  /** Adds the next bytes to what is hashed. */
  update(data: Uint8Array): void
  /** Ends the hash: 64 lower-case hex digits. */
  digest(): string
}

/** A checksum of bytes that come one after another. */
export interface ChecksumStream {
  /** Adds the next bytes. */
  update(data: Uint8Array): void
  /** Ends the checksum: its bytes, those of a CRC big-endian. */
  digest(): Awaitable<Uint8Array>
}

/** What is hashed: a text stands for its UTF-8 bytes. */
export type Hashable = string | Uint8Array | ArrayBuffer | ArrayBufferView

/** A use of a key, as those who watch are told of it; never with a secret. */
export interface KeyUse {
  /** That of the request, form or event, which it need not have proved; empty where none is told. */
  readonly accessKeyId: string
  /** `20150830/us-east-1/s3/aws4_request`; empty where none is told. */
  readonly credentialScope: string
  /** With the port where it is not the scheme's own; empty of a form, an event, a text or a derived key. */
  readonly host: string
  /** Of what was verified: whether it holds. */
  readonly ok?: boolean
  /**
   * Of what was refused: a `RefusalReason` such as `signature-mismatch`, of a form a `PostRefusalReason`.
   * Of what came to no verdict, as the call threw: the error's `ErrorCode`, such as `invalid-body`, or
   * `failed` where it is none of countersign's, such as what a `credentials` lookup throws.
   */
  readonly reason?: string
}

/** What countersign asks of a runtime. */
export interface CryptoBackend {
  /** SHA-256, as 64 lower-case hex digits. */
  sha256(data: Hashable): Awaitable<string>
  /** HMAC-SHA256, 32 bytes. */
  hmac(key: HmacKey, data: string | Uint8Array): Awaitable<Uint8Array>
  /** HMAC-SHA256, as 64 lower-case hex digits. */
  hmacHex(key: HmacKey, data: string | Uint8Array): Awaitable<string>
  /** A key in the form in which it signs many times. Default: as it is. */
  importKey?(key: HmacKey): Awaitable<HmacKey>
  /** Compares in constant time. Default: a loop in JavaScript. */
  equal?(expected: string, received: string): boolean
  /** For bodies that are checked as they stream; WebCrypto has none. */
  sha256Stream?(): Sha256Stream
  /** A checksum of bodies by S3's name (`crc32`, `md5`, `sha1`), where the platform has it. Default: in JavaScript. */
  checksumStream?(name: string): ChecksumStream | undefined
  /** Tells a use of a key to those who watch; undefined where nobody does. Default: nobody can. */
  watch?(verb: 'sign' | 'verify'): ((use: KeyUse) => void) | undefined
  /** The same for many calls, which may share buffers. Default: itself. */
  serial?(): CryptoBackend
}

/** What a request, a form or an event says of who signed it, as far as it could be read. */
export interface Stated {
  readonly received?: { readonly fields: { readonly host?: string } } | undefined
  readonly statement?:
    | {
        readonly claim: { readonly accessKeyId: string }
        readonly credentialScope: string
      }
    | undefined
}

/** Whether something holds, and why not. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** A backend of a runtime in which uses of keys can be watched. */
export interface Platform extends CryptoBackend {
  /** Judges, and tells those who watch of the verdict, or why there is none. */
  told?<V extends Verdict>(judge: () => Awaitable<V>, stated: Stated): Awaitable<V>
}

/** A backend for many calls, one after another. */
export const serial = (backend: CryptoBackend): CryptoBackend => backend.serial?.() ?? backend

/** A backend that tells of no use, where nothing is signed that will be sent. */
export const silent = (backend: CryptoBackend): CryptoBackend => {
  const { watch, told, ...rest } = backend as Platform
  return rest
}

/** The verdict of a judge, of which those who watch the platform are told. */
export const told = <V extends Verdict>(
  judge: () => Awaitable<V>,
  platform: CryptoBackend,
  stated: Stated,
): Awaitable<V> => (platform as Platform).told?.(judge, stated) ?? judge()

/** A {@link CryptoBackend} that answers at once; `CryptoKey`s are not for it. */
export interface SyncCryptoBackend {
  /** SHA-256, as 64 lower-case hex digits. */
  sha256(data: Hashable): string
  /** HMAC-SHA256, 32 bytes. */
  hmac(key: string | Uint8Array, data: string | Uint8Array): Uint8Array
  /** HMAC-SHA256, as 64 lower-case hex digits. */
  hmacHex(key: string | Uint8Array, data: string | Uint8Array): string
  /** Compares in constant time. Default: a loop in JavaScript. */
  equal?(expected: string, received: string): boolean
}
