import type { SigningCredentials } from '../model/types.ts'

/** What is read of `HttpRequest` of `@smithy/types`, as the AWS SDK hands it to its signer. */
export interface HttpRequestLike {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  /** In its wire spelling, as the SDK has encoded it. */
  readonly path: string
  /** Names and values that are not encoded; null is a name without a value. */
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined
  readonly fragment?: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What the AWS SDK says of one call of its signer; what it leaves open is the signer's own. */
export interface SigningArgumentsLike {
  /** A number is of seconds since 1970. */
  readonly signingDate?: Date | number | string | undefined
  readonly signingRegion?: string | undefined
  readonly signingService?: string | undefined
  readonly signableHeaders?: Set<string> | undefined
  readonly unsignableHeaders?: Set<string> | undefined
  /** Credentials that an event stream keeps to. */
  readonly eventStreamCredentials?: SigningCredentials | undefined
}

/** The same of a call of `presign`. */
export interface PresigningArgumentsLike extends SigningArgumentsLike {
  /** Whole seconds, 1 to 604800. */
  readonly expiresIn?: number | undefined
  /** Of the headers `x-amz-*`, which all go to the query, those that stay. */
  readonly unhoistableHeaders?: Set<string> | undefined
  readonly hoistableHeaders?: Set<string> | undefined
}

/** The same of an event: with the signature before it, 64 hex digits. */
export interface EventArgumentsLike extends SigningArgumentsLike {
  readonly priorSignature: string
}

/** An event as it is encoded. */
export interface FormattedEventLike {
  readonly headers: Uint8Array
  readonly payload: Uint8Array
}

/** An event with its `:date`, and the signature before it. */
export interface SignableMessageLike<Message = MessageLike> {
  readonly message: Message
  readonly priorSignature: string
}

/** What is read of a message of an event stream. */
export interface MessageLike {
  readonly headers: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>
  readonly body: Uint8Array
}

/** A message with its signature, 64 hex digits. */
export interface SignedMessageLike<Message> {
  message: Message
  signature: string
}

/** The AWS SDK's `RequestSigner`, `RequestPresigner`, `StringSigner`, `EventSigner` and `MessageSigner` in one. */
export interface SmithySigner {
  /** Any text, such as a policy: the signature in 64 hex digits. */
  sign(stringToSign: string, call?: SigningArgumentsLike): Promise<string>
  sign(event: FormattedEventLike, call: EventArgumentsLike): Promise<string>
  sign<Message extends MessageLike>(
    message: SignableMessageLike<Message>,
    call?: SigningArgumentsLike,
  ): Promise<SignedMessageLike<Message>>
  /** A copy of the request with a signature in its headers. */
  sign<Request extends HttpRequestLike>(
    request: Request,
    call?: SigningArgumentsLike,
  ): Promise<Request>
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
  /** A copy of the request with a signature in its query, and AWS's headers with it. */
  presign<Request extends HttpRequestLike>(
    request: Request,
    call?: PresigningArgumentsLike,
  ): Promise<Request>
}
