import type { FetchRequest, PresignOptions, UrlLike } from '../model/types.ts'

/** The platform's own `fetch` type, where it has one. */
export type Fetch = typeof globalThis extends {
  fetch: infer F extends (...args: never[]) => unknown
}
  ? F
  : (input: unknown, init?: unknown) => Promise<unknown>

/** Tells of a place what a request to it is signed for; undefined of what it does not know. */
export type Redirect = (url: string) =>
  | {
      /** The region that the place is signed for; none hands the redirect back. */
      region?: string
      /** The service that the place belongs to. Default: that of the request. */
      service?: string
    }
  | undefined

/** How a signer's `fetch` sends. */
export interface FetchOptions {
  /** What sends the signed request. Default: the platform's `fetch`. */
  fetch?: Fetch | undefined
  /**
   * How often it is tried again: after a 429 or 5xx answer, after one that throttles, and where the
   * connection broke before an answer; each after the pause that the server asks for, or one with full
   * jitter. A server that asks for more than 20 seconds has its answer handed back. Default: 0.
   */
  retries?: number | undefined
  /**
   * Where a redirect may lead from, and to: the region of each place. It is followed once, with its
   * method and body, and signed for that region; of S3 for the same bucket alone, where `<Endpoint>`,
   * `<Region>` or `x-amz-bucket-region` tells the place, too. It is handed back where a place is not
   * known, and where it leads to another service or from https to http.
   * `inferScope` tells it of AWS's own endpoints. Default: every redirect is handed back.
   */
  redirect?: Redirect | undefined
}

/** What a call of `fetch` may say in place of its signer: how to sign, and how often to try again. */
export interface FetchOverrides extends Partial<PresignOptions>, Pick<FetchOptions, 'retries'> {}

/** `fetch`, signed; the third argument overrides the signer's defaults for one call. */
export type SignedFetch = (
  input: string | UrlLike | FetchRequest,
  init?: Parameters<Fetch>[1],
  options?: FetchOverrides,
) => ReturnType<Fetch>
