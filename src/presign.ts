import type { Context } from './context.ts'
import { resolveCredentials } from './credentials/resolve.ts'
import type { Steps } from './lib/steps.ts'
import { inQuery } from './road/placement.ts'
import { signing } from './sign.ts'
import type { AnyRequest, PresignedRequest, PresignOptions } from './types.ts'

/** The same road with the signature in the query, and the time at which the URL ends. */
export function* presigning(
  request: AnyRequest,
  options: PresignOptions,
  context: Context,
): Steps<PresignedRequest<unknown>> {
  const signingDate = options.signingDate ?? context.now()
  const credentials = yield* resolveCredentials(options, signingDate)
  const signed = yield* signing(request, { ...options, credentials, signingDate }, inQuery, context)

  const { expiration } = credentials
  // The date on the URL has whole seconds, and the URL's life is counted from it.
  const end = Math.floor(Number(signingDate) / 1000) * 1000 + (options.expiresIn ?? 900) * 1000
  return { ...signed, expiresAt: new Date(Math.min(end, Number(expiration ?? end))) }
}
