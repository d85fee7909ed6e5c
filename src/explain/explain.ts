import { fieldsOf } from '../canonical/headers.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { parseAmzDate } from '../lib/time.ts'
import type { Credentials } from '../model/types.ts'
import type { ReceivedRequest } from '../model/verify-types.ts'
import { verifyRequest } from '../verify/verify.ts'
import { explainFromServer } from './answer/from-server.ts'
import {
  type Case,
  type ClientExplainOptions,
  caseOf,
  type ExplainedRequest,
  type ServerExplainOptions,
} from './case/case.ts'
import { type Reading, readingOf } from './case/reading.ts'
import { readServerError } from './case/server-error.ts'
import { telling } from './report/explanation.ts'
import { type Hide, hiding } from './report/hide.ts'
import { factOf } from './search/facts.ts'
import { type Find, finding, prove } from './search/prove.ts'
import { repairsOf } from './search/repairs.ts'
import type { Explanation } from './types.ts'

/** Hides every secret and token that is at hand, and the signature that was sent. */
function hidingFor({ client, options }: Case, reading: Reading | undefined): Hide {
  const keys = [...(reading?.keys ?? []), ...(options.otherCredentials ?? []), client?.key]
  const id = reading?.statement.claim.accessKeyId
  return hiding([
    ...keys.flatMap((key) => [(key as Partial<Credentials>)?.secretAccessKey, key?.sessionToken]),
    reading?.evidence.token,
    reading?.statement.signature,
    // A secret in place of the id.
    ...(id && /^[A-Za-z\d/+=]{40}$/.test(id) ? [id] : []),
  ])
}

/**
 * Why a signature does not match. In this order: what undoes a damage to the request as a text, which
 * a server's answer takes for another fault, what that answer says, what the refusal states by
 * itself, and what a search can prove.
 */
export function* explainRequest(
  request: ExplainedRequest,
  given: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Explanation> {
  const it = yield* caseOf(request, given, platform)
  const { received, client, crypto } = it
  // A guard would count this look as the one time that the request may come.
  const today = { ...it.options, crypto, replayGuard: undefined }
  // A server that has answered has judged the request at its time, whatever the time now.
  const answered = client?.serverError !== undefined
  const options = answered ? { ...today, now: timeOf(received) } : today
  const result = yield* wait(verifyRequest(received, options, crypto))
  const reading = yield* readingOf(received, options, crypto)
  const tell = telling(client ? 'client' : 'server', hidingFor(it, reading))
  const ours = reading && { ours: reading.trace }
  const find: Find = reading ? finding(reading, options, crypto) : nothing

  if (!result.ok)
    for (const { cause, request: repaired } of repairsOf(received)) {
      const again = yield* wait(verifyRequest(repaired, options, crypto))
      if (again.ok) return tell([cause], true, { ours: again.trace })
    }
  if (client?.serverError !== undefined) {
    const side = { reading, result, options, find, key: client.key }
    const error = readServerError(client.serverError)
    const said = yield* explainFromServer(side, error, crypto, tell)
    if (said) return said
  }
  const late = result.ok && answered ? yield* wait(verifyRequest(received, today, crypto)) : result
  if (late.ok) return tell([], true, { ...ours })
  const fact = factOf(late, received)
  if (fact) return tell([fact[0]], true, { ...ours, detail: fact[1] })
  return reading
    ? yield* prove(reading, late, find, crypto, tell)
    : tell(['malformed'], true, { detail: late.message })
}

// biome-ignore lint/correctness/useYield: there is nothing to search in
const nothing: Find = function* () {
  return undefined
}

/** The time that a request states, wherever it does and however it is spelled. */
function timeOf({ url, headers }: ReceivedRequest): Date | undefined {
  const inQuery = /X-Amz-Date(?:=|%(?:25)*3D)(\d{8}T\d{6}Z)/i.exec(url)?.[1]
  const inHeader = [...fieldsOf(headers)].find(([name]) => /^x-amz-date$/i.test(name))?.[1]
  return parseAmzDate(inHeader ?? inQuery ?? '')
}
