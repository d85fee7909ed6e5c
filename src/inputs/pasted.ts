/** A request as people paste it, read: the URL absolute, in the spelling that it came in. */
export interface PastedRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Undefined where there is none. */
  readonly body?: string | Uint8Array
  /** Of a body that is not shown: its SHA-256 in hex, or what was signed in place of that. */
  readonly payload?: string
}

/** What a client says that it has signed. */
export interface SignedTexts {
  readonly canonicalRequest?: string
  readonly stringToSign?: string
  readonly signature?: string
}

/** What a log shows of a call. */
export interface Logged {
  readonly request?: PastedRequest
  readonly signed?: SignedTexts
  /** The body of the answer, or an error of the same words. */
  readonly answer?: string
}
