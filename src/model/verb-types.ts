import type {
  Algorithm,
  BytesBody,
  FetchRequest,
  PayloadHash,
  RegionSet,
  ScopeOptions,
  SendableBody,
  SigningRequest,
} from './types.ts'

// One signature for each verb, in place of overloads: of those, compilers tell the first or the last
// fault, whichever was meant. Here it is the one that was made.

/** What tells a fetch `Request`, whose body is read, from others; undefined of those. */
export type Cloning = FetchRequest['clone'] | undefined

/** A request by what decides whether the options need `payload`: its body, and whether it can be cloned. */
export interface RequestOf<Body, Clone extends Cloning> extends Omit<SigningRequest, 'body'> {
  /** Text, bytes or none; any other, a stream or a form, needs `payload` in the options. */
  body?: Body | undefined
  /** Of a fetch `Request`: its body is read of a clone, and needs no `payload`. */
  clone?: Clone
}

/**
 * A request that a verb takes: a {@link SigningRequest}, an {@link OpaqueRequest} or a fetch `Request`.
 */
export type RequestToSign<Body, Clone extends Cloning> = SigningRequest | RequestOf<Body, Clone>

/** The first type where a body can be hashed, else the second. */
type ByBody<Body, Clone, Hashed, Opaque> = [Clone] extends [undefined]
  ? [Body] extends [BytesBody | null | undefined]
    ? Hashed
    : Opaque
  : Hashed

/** Options that tell the payload line, as a body that cannot be hashed needs it. */
export type WithPayload<Options> = Options & {
  /** What is signed of the body: `UNSIGNED-PAYLOAD`, its SHA-256 in hex, or one of S3's words. */
  payload: PayloadHash
}

/** The options that a request needs: with `payload` where its body cannot be hashed. */
export type OptionsFor<Body, Clone, Options> = ByBody<Body, Clone, Options, WithPayload<Options>>

/** Refuses a request whose body cannot be hashed, where it comes without options. */
export type NeedsNoOptions<Body, Clone> = ByBody<Body, Clone, unknown, OptionsWithPayload>

/** What a request with a body that cannot be hashed lacks: options, as the second argument, with `payload`. */
export interface OptionsWithPayload {
  /** Not here: it goes into the options. */
  payload: never
}

/** The body of a signed request: as it was given, or as `fetch` takes it where it can be hashed. */
export type SignedBody<Body, Clone> = ByBody<Body, Clone, SendableBody, Body>

// One object type, as compilers tell the fault against the last of a union: objects come before
// intersections, and one region is what is meant most often.
type Flat<Options> = { [Name in keyof Options]: Options[Name] }

/** Options with one region, or with a set of them and an algorithm that signs for a set. */
export type WithRegion<Options extends Pick<ScopeOptions, 'region'>> =
  | Flat<
      Omit<Options, 'region' | 'regionSet' | 'algorithm'> & {
        /** Regions in which the signature holds: names, `*` or `us-west-*`. */
        regionSet: RegionSet
        /** One that signs for a set: `sigv4a` of `countersign/sigv4a`. */
        algorithm: Algorithm
      }
    >
  | (Omit<Options, 'region' | 'regionSet'> & {
      /** Such as `eu-west-1`. It is never guessed, and not read from the environment. */
      region: string
    })
