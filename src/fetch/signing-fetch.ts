import { inHeader } from '../canonical/placement.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type { AnyRequest, FetchRequest, SigningCredentials, UrlLike } from '../model/types.ts'
import { signRequest } from '../sign/sign.ts'
import type { SignerState } from '../sign/signer.ts'
import { readFailure } from './answer.ts'
import { clockOffset } from './clock.ts'
import { isBlob, outgoing } from './outgoing.ts'
import { redirection } from './redirection.ts'
import { backoff, isMomentary, pauseOf } from './retry.ts'
import type { FetchOptions, FetchOverrides, Redirect } from './types.ts'
import { pause, within } from './waiting.ts'

/** A provider as the AWS SDK's are asked, which remember too. */
type Provider = (want?: { readonly forceRefresh: true }) => Awaitable<SigningCredentials>

const EXPIRED = /ExpiredToken|in the request is expired/

/**
 * A `fetch` that signs each attempt anew: once more after an answer that blames the clock, once after
 * one that blames an expired token, once where a redirect leads, and as often as asked after what is of
 * the moment. A body that can be read only once is not sent again; what was learnt serves the next call.
 */
export const signingFetch =
  (state: SignerState, platform: CryptoBackend, options: FetchOptions) =>
  async (
    input: string | UrlLike | FetchRequest,
    init?: RequestInit,
    overrides?: FetchOverrides,
  ): Promise<Response> => {
    const own = { ...overrides }
    const retries = own.retries ?? options.retries ?? 0
    let { fetch = globalThis.fetch, redirect } = options
    const [asked, kept] = await outgoing(input, init)
    const { signal } = kept
    let request: AnyRequest = asked
    let attempt = 0
    let before: number | undefined
    let fresh: SigningCredentials | undefined
    for (;;) {
      const { url } = request
      const now = state.using(own, url)
      const { credentials: source, signingDate } = now
      const provider = typeof source === 'function' && (source as Provider)
      if (provider) {
        const held = fresh ?? (await within(signal, provider))
        now.credentials = () => held
      }
      const signed = await signRequest(request, now, platform, inHeader)
      const isLast = signed.duplex && !isBlob(signed.body)

      let response: Response
      try {
        response = await (fetch as typeof globalThis.fetch)(signed.url, {
          ...kept,
          ...(signed as RequestInit),
        })
      } catch (error) {
        if (isLast || attempt >= retries || signal?.aborted) throw error
        await pause(backoff(attempt++), signal)
        continue
      }

      const { status, headers } = response
      const isRefused = /40[013]/.test(`${status}`)
      const isMoved = redirect && /30[1278]|400/.test(`${status}`)
      const text = isRefused || isMoved ? await within(signal, () => readFailure(response)) : ''
      const offset = isRefused ? clockOffset(headers, text, Number(signingDate)) : undefined
      const isNews = offset !== undefined && before === undefined
      // A correction after which the clock is still to blame was none, and is taken back.
      if (offset !== undefined) before = state.correct(url, before ?? offset)

      let wait: number | undefined
      if (isNews) wait = 0
      else if (provider && !fresh && EXPIRED.test(text)) {
        fresh = await within(signal, () => provider({ forceRefresh: true }))
        wait = 0
      } else if (attempt < retries && isMomentary(status, text)) wait = pauseOf(headers, attempt++)
      else if (isMoved) {
        const place = redirection(response, text, signed.url, now, redirect as Redirect)
        if (place) {
          own.region = place.region
          redirect = undefined
          delete signed.headers.host
          request = { body: undefined, ...signed, url: place.url }
          before = undefined
          wait = 0
        }
      }
      if (isLast || wait === undefined) return response
      await response.body?.cancel?.()
      if (wait) await pause(wait, signal)
    }
  }
