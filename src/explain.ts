import type { CryptoBackend } from './crypto/backend.ts'
import { causeOfRefusal } from './explain/facts.ts'
import { explainFromServer } from './explain/from-server.ts'
import { prove } from './explain/prove.ts'
import { repairsOf } from './explain/repairs.ts'
import { explanationOf } from './explain/report.ts'
import { readServerError } from './explain/server-error.ts'
import { type ClientExplainOptions, caseOf, type ServerExplainOptions } from './explain/sides.ts'
import type { Explanation } from './explain/types.ts'
import type { Steps } from './lib/steps.ts'
import type { AnyRequest } from './types.ts'
import { verifying } from './verify.ts'
import type { ReceivedRequest } from './verify-types.ts'

/**
 * Why a signature does not match. In this order: what the server's answer says, what undoes a damage
 * to the request as a text, what the refusal states by itself, and what a search can prove.
 */
export function* explaining(
  request: AnyRequest | ReceivedRequest,
  given: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Explanation> {
  const it = yield* caseOf(request, given, platform)
  const { received, serverError, secret = '' } = it
  // A guard would count this look as the one time that the request may come.
  const options = { ...it.options, replayGuard: undefined }
  const result = yield* verifying(received, options, platform)
  const ours = result.trace && { ours: result.trace }

  if (serverError !== undefined) {
    const said = explainFromServer(result.trace, readServerError(serverError), secret)
    if (said) return said
  }
  if (result.ok) return explanationOf([], true, { ...ours })
  for (const { cause, request: repaired } of repairsOf(received)) {
    const again = yield* verifying(repaired, options, platform)
    if (again.ok) return explanationOf([cause], true, { ours: again.trace })
  }
  const stated = causeOfRefusal(result, received)
  if (stated) return explanationOf([stated], true, { ...ours, detail: result.message })
  return yield* prove(received, options, result, platform)
}
