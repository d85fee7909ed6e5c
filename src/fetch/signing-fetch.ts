import { inHeader } from '../canonical/placement.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { overridden } from '../lib/overridden.ts'
import type { AnyRequest, FetchRequest, SigningCredentials, UrlLike } from '../model/types.ts'
import { signRequest } from '../sign/sign.ts'
import type { SignerState } from '../sign/signer.ts'
import { readFailure } from './answer.ts'
import { clockOffset } from './clock.ts'
import { isBlob, outgoing } from './outgoing.ts'
import { redirection } from './redirection.ts'
import { LONGEST_PAUSE, MOMENTARY, pauseOf } from './retry.ts'
import type { FetchOptions, FetchOverrides } from './types.ts'
import { pause, within } from './waiting.ts'

/** A provider as the AWS SDK's are asked, which remember too. */
type Provider = (want?: { readonly forceRefresh: true }) => Awaitable<SigningCredentials>

const MOVED = /^(30[1278]|400)/
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
    let { fetch = globalThis.fetch, redirect, retries = 0 } = overridden(options, own)
    let [request, kept] = await outgoing(input, init)
    const { signal } = kept
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
        // A connection that breaks is as good as a server that is not there for the moment.
        response = new Response(null, { status: 503 })
      }

      const [text, answer] = await within(signal, () => readFailure(response))
      const { headers } = answer
      const offset = clockOffset(headers, text, +(signingDate as Date))
      const isBlamed = offset !== undefined

      // A correction after which the clock is still to blame was none, and is taken back.
      if (isBlamed && before !== undefined) state.correct(url, before)

      let wait = 0
      if (isBlamed && before === undefined) before = state.correct(url, offset)
      else if (provider && !fresh && EXPIRED.test(text))
        fresh = await within(signal, () => provider({ forceRefresh: true }))
      else if (attempt < retries && MOMENTARY.test(text)) wait = pauseOf(headers, attempt++)
      else {
        const place =
          redirect && MOVED.test(text) && redirection(headers, text, signed.url, now, redirect)
        if (!place) return answer
        own.region = place.region
        redirect = undefined
        delete signed.headers.host
        request = { ...signed, url: place.url } as AnyRequest
        before = undefined
      }
      if (isLast || wait > LONGEST_PAUSE) return answer
      await answer.body?.cancel?.()
      if (wait) await pause(wait, signal)
    }
  }
