import type { SigningCredentials } from '../model/types.ts'

/** What is read of `HttpRequest` of `@smithy/types`, as the AWS SDK hands it to its signer. */
export interface HttpRequestLike {
  /** In upper case. */
  readonly method: string
  /** With its colon: `https:`. */
  readonly protocol: string
  /** A name or address without a port. */
  readonly hostname: string
  /** Default: the scheme's own. */
  readonly port?: number | undefined
  /** In its wire spelling, as the SDK has encoded it. */
  readonly path: string
  /** Names and values that are not encoded; null is a name without a value. */
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined
  /** What no server sees; one is refused, as the SDK would send it. */
  readonly fragment?: string | undefined
  /** By name, in any case; `:authority` stands for `host` in HTTP/2. */
  readonly headers: Readonly<Record<string, string>>
  /** Text or bytes are hashed; any other is signed by what the client declares of it. */
  readonly body?: unknown
}

/** What the AWS SDK says of one call of its signer; what it leaves open is the signer's own. */
export interface SigningArgumentsLike {
  /** The time of the signature; a number is of seconds since 1970. Default: the signer's. */
  readonly signingDate?: Date | number | string | undefined
  /** Such as `eu-west-1`. Default: the signer's. */
  readonly signingRegion?: string | undefined
  /** As it stands in a credential scope. Default: the signer's. */
  readonly signingService?: string | undefined
  /** Names of headers to sign although they are left out by default. Default: the signer's. */
  readonly signableHeaders?: Set<string> | undefined
  /** Names of headers to leave out of the signature. Default: the signer's. */
  readonly unsignableHeaders?: Set<string> | undefined
  /** The key that an event stream keeps to, in place of the signer's. */
  readonly eventStreamCredentials?: SigningCredentials | undefined
}

/** The same of a call of `presign`. */
export interface PresigningArgumentsLike extends SigningArgumentsLike {
  /** How long the URL lives: whole seconds, 1 to 604800. Default: the signer's, else 3600. */
  readonly expiresIn?: number | undefined
  /** Of the headers `x-amz-*`, which all go to the query, those that stay. */
  readonly unhoistableHeaders?: Set<string> | undefined
  /** Other headers that go to the query too. Default: none. */
  readonly hoistableHeaders?: Set<string> | undefined
}

/** The same of an event: with the signature before it, 64 hex digits. */
export interface EventArgumentsLike extends SigningArgumentsLike {
  /** Of the event before, or of the request that opened the stream: 64 hex digits. */
  readonly priorSignature: string
}

/** An event whose parts are bytes already, as `FormattedEvent` of `@smithy/types` has it. */
export interface FormattedEventLike {
  /** Its headers as they are encoded: the date alone. */
  readonly headers: Uint8Array
  /** What the event carries: in most services an encoded message. */
  readonly payload: Uint8Array
}

/** An event with its `:date`, and the signature before it. */
export interface SignableMessageLike<Message = MessageLike> {
  /** With its `:date` alone among the headers. */
  readonly message: Message
  /** Of the event before, or of the request that opened the stream: 64 hex digits. */
  readonly priorSignature: string
}

/** What is read of a message of an event stream. */
export interface MessageLike {
  /** By name, as they stand in the message. */
  readonly headers: Readonly<
    Record<
      string,
      {
        /** How it is encoded: `timestamp`, `binary`, `string` and the like. */
        readonly type: string
        /** A `Date`, bytes, or what its type says. */
        readonly value: unknown
      }
    >
  >
  /** What the event carries. */
  readonly body: Uint8Array
}

/** A message with its signature, 64 hex digits. */
export interface SignedMessageLike<Message> {
  /** The message as it was given. */
  message: Message
  /** Chained to the one before: 64 lower-case hex digits. */
  signature: string
}

/** The AWS SDK's `RequestSigner`, `RequestPresigner`, `StringSigner`, `EventSigner` and `MessageSigner` in one. */
export interface SmithySigner {
  /** Any text, such as a policy: the signature in 64 hex digits. */
  sign(stringToSign: string, call?: SigningArgumentsLike): Promise<string>
  /** An event of a stream, chained to the signature before it: the signature in 64 hex digits. */
  sign(event: FormattedEventLike, call: EventArgumentsLike): Promise<string>
  /** As `signMessage`: a message of a stream with its signature. */
  sign<Message extends MessageLike>(
    message: SignableMessageLike<Message>,
    call?: SigningArgumentsLike,
  ): Promise<SignedMessageLike<Message>>
  /** A copy of the request with a signature in its headers. */
  sign<Request extends HttpRequestLike>(
    request: Request,
    call?: SigningArgumentsLike,
  ): Promise<Request>
  /** A message of a stream with its signature, chained to the one before it. */
  signMessage<Message extends MessageLike>(
    message: SignableMessageLike<Message>,
    call?: SigningArgumentsLike,
  ): Promise<SignedMessageLike<Message>>
  /** As the S3 client asks for directory buckets: for `s3express`, with the session's own key. */
  signWithCredentials<Request extends HttpRequestLike>(
    request: Request,
    credentials: SigningCredentials,
    call?: SigningArgumentsLike,
  ): Promise<Request>
  /**
   * A copy of the request with a signature in its query, and AWS's headers with it; the others stay
   * headers, signed or not. A body that streams is not signed.
   */
  presign<Request extends HttpRequestLike>(
    request: Request,
    call?: PresigningArgumentsLike,
  ): Promise<Request>
}
