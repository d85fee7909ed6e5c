import { UNSIGNED_PAYLOAD } from '../canonical/payload.ts'
import { inQuery } from '../canonical/placement.ts'
import type { Memory, Profile } from '../canonical/profile.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { AnyRequest, PresignedRequest, PresignOptions } from '../model/types.ts'
import { signing } from './sign.ts'

/** The same road with the signature in the query, and the time at which the URL ends. */
export function presigning(
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
): Awaitable<PresignedRequest<unknown>> {
  const { signingDate = new Date(), expiresIn = 900 } = options
  return after(resolveCredentials(options, signingDate), (credentials) => {
    const known = { ...options, credentials, signingDate }
    return after(signing(request, known, platform, inQuery, UNSIGNED_PAYLOAD), (signed) => {
      // The URL's date has whole seconds, and its life is counted from there.
      const end = (Math.floor(Number(signingDate) / 1000) + expiresIn) * 1000
      const expiresAt = new Date(Math.min(end, Number(credentials.expiration ?? end)))
      return { ...signed, expiresAt }
    })
  })
}
