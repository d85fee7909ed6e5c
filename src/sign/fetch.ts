import { inHeader } from '../canonical/placement.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { FetchRequest, OpaqueRequest, PresignOptions, UrlLike } from '../model/types.ts'
import { clockOffset } from './clock.ts'
import { signRequest } from './sign.ts'
import type { SignerState } from './signer.ts'

/** The platform's own `fetch` type, where it has one. */
export type Fetch = typeof globalThis extends {
  fetch: infer F extends (...args: never[]) => unknown
}
  ? F
  : (input: unknown, init?: unknown) => Promise<unknown>

/** How a signer's `fetch` sends. */
export interface FetchOptions {
  /** What sends the signed request. Default: the platform's `fetch`. */
  fetch?: Fetch | undefined
  /** How often a 429 or 5xx answer is tried again, after a pause with full jitter. Default: 0. */
  retries?: number | undefined
  /**
   * Where a redirect may lead: the region of the place. It is followed once, with its method and
   * body, and signed for that region; handed back where there is none, and where it leads to another
   * service or scheme.
   * `inferScope` tells it of AWS's own endpoints. Default: every redirect is handed back.
   */
  redirect?:
    | ((url: string) =>
        | {
            /** The region that the place is signed for; none hands the redirect back. */
            region?: string
            /** The service that the place belongs to. Default: that of the request. */
            service?: string
          }
        | undefined)
    | undefined
}

/** `fetch`, signed; the third argument overrides the signer's defaults for one call. */
export type SignedFetch = (
  input: string | UrlLike | FetchRequest,
  init?: Parameters<Fetch>[1],
  options?: Partial<PresignOptions>,
) => ReturnType<Fetch>

// The members of a Request that its signed copy keeps, beside method, headers and body.
const KEPT = ['signal', 'mode', 'credentials', 'cache', 'referrer', 'referrerPolicy', 'integrity']

const pause = (milliseconds: number, signal?: AbortSignal | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      if (signal?.aborted) reject(signal.reason)
      resolve()
    }
    const timer = setTimeout(end, signal?.aborted ? 0 : milliseconds)
    signal?.addEventListener('abort', end)
  })

/**
 * A `fetch` that signs each attempt anew: once more after an answer that blames the clock or an
 * expired token, and after 429 and 5xx as often as asked. A body that can be read only once is not
 * sent again, and a redirect is handed back, as the signature is not good for another place, unless
 * `redirect` knows the region of the place.
 */
export const signingFetch =
  (state: SignerState, platform: CryptoBackend, { fetch, retries = 0, redirect }: FetchOptions) =>
  async (
    input: string | UrlLike | FetchRequest,
    init?: RequestInit,
    options?: Partial<PresignOptions>,
  ): Promise<Response> => {
    const given = typeof input === 'object' && 'clone' in input ? (input as Request) : undefined
    let request: unknown = given
      ? init
        ? new Request(given, init)
        : given
      : { ...init, url: input as string }
    const kept = { redirect: 'manual', ...init } as RequestInit & Record<string, unknown>
    if (given) for (const name of KEPT) kept[name] ??= given[name as keyof Request]

    let attempt = 0
    let offset: number | undefined
    let refreshed: unknown
    let moved: { region: string } | undefined
    for (;;) {
      const corrected = offset === undefined ? undefined : new Date(Date.now() + offset)
      const signingDate = options?.signingDate ?? corrected
      const now = state.using({ ...options, signingDate, ...moved })
      const signed = await signRequest(request as OpaqueRequest, now, platform, inHeader)
      const send = (fetch ?? globalThis.fetch) as typeof globalThis.fetch
      const response = await send(signed.url, { ...kept, ...(signed as RequestInit) })
      const { status } = response
      const text = /40[013]/.test(`${status}`) ? await response.clone().text() : ''
      const learnt = clockOffset(response.headers, text)
      // An offset is kept once the server has stopped blaming the clock, and not before.
      if (offset !== undefined && learnt === undefined) state.offset = offset

      if (signed.duplex) return response
      let wait = 0
      const location = /30[1278]/.test(`${status}`) && response.headers.get('location')
      if (learnt !== undefined && offset === undefined) offset = learnt
      else if (/ExpiredToken/.test(text) && state.provider && !refreshed)
        refreshed = await state.provider('fresh')
      else if ((status === 429 || status >= 500) && attempt < retries)
        wait = Math.random() * Math.min(20_000, 100 * 2 ** attempt++)
      else if (location && redirect && !moved) {
        const { href } = new URL(location, signed.url)
        const { region, service = now.service } = redirect(href) ?? {}
        // The fifth letter tells https from http.
        if (!region || service !== now.service || href[4] !== signed.url[4]) return response
        moved = { region }
        delete signed.headers.host
        signed.url = href
        request = signed
      } else return response
      await response.body?.cancel()
      if (wait) await pause(wait, kept.signal)
    }
  }
