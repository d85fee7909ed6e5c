import { resolveCredentials } from './credentials/resolve.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { type Steps, wait } from './lib/steps.ts'
import { UNSIGNED_PAYLOAD } from './road/payload.ts'
import { inQuery } from './road/placement.ts'
import type { Memory, Profile } from './road/profile.ts'
import { signing } from './sign.ts'
import type { AnyRequest, PresignedRequest, PresignOptions } from './types.ts'

/** The same road with the signature in the query, and the time at which the URL ends. */
export function* presigning(
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
): Steps<PresignedRequest<unknown>> {
  const { signingDate = new Date(), expiresIn = 900 } = options
  const credentials = yield* wait(resolveCredentials(options, signingDate))
  const known = { ...options, credentials, signingDate }
  const signed = yield* signing(request, known, platform, inQuery, UNSIGNED_PAYLOAD)
  // The URL's date has whole seconds, and its life is counted from there.
  const end = (Math.floor(Number(signingDate) / 1000) + expiresIn) * 1000
  const expiresAt = new Date(Math.min(end, Number(credentials.expiration ?? end)))
  return { ...signed, expiresAt }
}
