import { sigv4 } from './algorithms/sigv4.ts'
import { canonicalizing } from './canonicalize.ts'
import type { Context } from './context.ts'
import { resolveCredentials } from './credentials/resolve.ts'
import { type Steps, wait } from './lib/steps.ts'
import { signedRequest } from './road/draft.ts'
import type { Placement } from './road/placement.ts'
import { formatScope, scopeOf } from './road/scope.ts'
import { formatStringToSign } from './road/string-to-sign.ts'
import type { AnyRequest, PresignOptions, SignedRequest } from './types.ts'

/** The road: request → canonical request → string to sign → signature → attached. */
export function* signing(
  request: AnyRequest,
  options: PresignOptions,
  placement: Placement,
  context: Context,
): Steps<SignedRequest<unknown>> {
  const { algorithm = sigv4, crypto = context.crypto } = options
  const date = options.signingDate ?? context.now()
  const credentials = yield* resolveCredentials(options, date)
  const amzDate = context.amzDate(date)
  const scope = scopeOf(amzDate, options)
  const credentialScope = formatScope(scope)
  const facts = {
    algorithm: algorithm.name,
    amzDate,
    credential: `${credentials.accessKeyId}/${credentialScope}`,
    sessionToken: credentials.sessionToken,
  }

  const { draft, announcement, signedHeaders, canonicalRequest, body } = yield* canonicalizing(
    request,
    options,
    facts,
    placement,
    crypto,
  )
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
  const { key, keep } = yield* context.keys(algorithm, credentials, scope, crypto)
  const signature = yield* algorithm.sign(key, stringToSign, crypto)
  keep()

  placement.attach(draft, announcement, signedHeaders, signature)
  const trace = { canonicalRequest, stringToSign, credentialScope, signedHeaders, signature }
  return signedRequest(draft, body, trace)
}
