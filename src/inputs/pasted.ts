/** A request as people paste it, read: the URL absolute, in the spelling that it came in. */
export interface PastedRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Undefined where there is none. */
  readonly body?: string | Uint8Array
}
