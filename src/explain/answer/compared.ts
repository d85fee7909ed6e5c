import { redact } from '../../canonical/redact.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { Refused } from '../../model/refusal.ts'
import type { SigningCredentials, Trace } from '../../model/types.ts'
import type { Verified } from '../../model/verify-types.ts'
import type { ServerExplainOptions } from '../case/case.ts'
import { differencesOf, stringDifferences } from '../case/differences.ts'
import { formatParts, type Hypothesis, type Parts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import type { Tell } from '../report/explanation.ts'
import { bodyVariants } from '../search/hypotheses/payload.ts'
import { type Find, traceOf } from '../search/prove.ts'
import type { Difference, Explanation, MismatchCause } from '../types.ts'
import { causesOfDifference } from './difference-causes.ts'

/** A client's side of the case. */
export interface ClientSide {
  readonly reading: Reading | undefined
  /** What the request's signature is worth, whatever the time. */
  readonly result: Verified | Refused
  readonly options: ServerExplainOptions
  readonly find: Find
  readonly key: SigningCredentials
}

/** What a server would have signed. */
export type ServerTrace = Pick<Trace, 'canonicalRequest'> & Partial<Pick<Trace, 'stringToSign'>>

/** What is wrong with a secret by its looks, where all that was signed is alike. */
export function causeOfSecret(key: SigningCredentials): MismatchCause {
  if (!('secretAccessKey' in key)) return 'wrong-secret'
  const { accessKeyId, secretAccessKey: secret } = key
  if (secret === accessKeyId || /^A[KS]IA[A-Z\d]{12,}$/.test(secret.trim())) return 'secret-swapped'
  if (/^\s|\s$|^["']|["']$/.test(secret)) return 'secret-blanks'
  return /%[\da-f]{2}/i.test(secret) ? 'secret-encoded' : 'wrong-secret'
}

/** Compares what was signed with what the server would have signed. */
export function* compared(
  { result, find, key }: ClientSide,
  reading: Reading,
  theirs: ServerTrace,
  crypto: CryptoBackend,
  tell: Tell,
): Steps<Explanation | undefined> {
  // A request that another signer made may be signed another way than it is read here.
  const other = !result.ok && result.reason === 'signature-mismatch'
  const found = other ? yield* find() : undefined
  const signed = found ? yield* traceOf(found.parts, reading.statement, crypto) : reading.trace
  const differences = between(signed, theirs)
  const causes = found?.mistakes
    .filter(({ change }) => shows(change, { ...reading.parts, key }, differences))
    .map(({ cause }) => cause)
  const left = differences.filter(({ part }) => part !== 'signedHeaders' || differences.length < 2)
  // What happened on the way shows between our reading and the server's.
  const onTheWay = found ? between(reading.trace, theirs) : left
  const all = [...(causes ?? [])]
  for (const it of onTheWay)
    if (left.some(({ part, line }) => part === it.part && line === it.line))
      all.push(
        ...((yield* reserialized(it, reading, crypto)) ?? causesOfDifference(it, reading.profile)),
      )
  const told = { ours: signed, theirs, differences }
  if (all.length > 0) {
    const header = left[0]?.part === 'header' ? left[0] : undefined
    const detail = (header?.ours || header?.theirs)?.split(':', 1)[0] ?? found?.mistakes[0]?.detail
    return tell([...new Set(all)], true, { ...told, detail })
  }
  if (!result.ok && !found) return undefined
  const detail = 'all that was signed is alike on both sides'
  return tell([causeOfSecret(key)], true, { ...told, detail })
}

/** Where two sides differ; a server may show its canonical request without the session token. */
function between(ours: ServerTrace, theirs: ServerTrace): Difference[] {
  const shown = theirs.canonicalRequest.includes('…')
    ? redact(ours.canonicalRequest)
    : ours.canonicalRequest
  const { stringToSign = '' } = ours
  return [
    ...differencesOf(shown, theirs.canonicalRequest),
    ...stringDifferences(stringToSign, theirs.stringToSign ?? stringToSign),
  ]
}

/** Whether a mistake is one in this server's eyes: it shows in what differs, or in the key alone. */
function shows(
  change: Hypothesis['change'],
  base: Parts,
  differences: readonly Difference[],
): boolean {
  const changed = change(base)
  if (changed.credentialScope !== base.credentialScope)
    return differences.some(({ part }) => part === 'stringToSign')
  const touched = differencesOf(formatParts(base), formatParts(changed))
  return (
    touched.length === 0 ||
    touched.some((it) => differences.some(({ part, line }) => it.part === part && it.line === line))
  )
}

/** A payload that is the body's after a parser has had it. */
function* reserialized(
  { part, theirs }: Difference,
  { evidence }: Reading,
  crypto: CryptoBackend,
): Steps<MismatchCause[] | undefined> {
  if (part !== 'payload') return undefined
  for (const [cause, variant] of bodyVariants(evidence.body))
    if (cause === 'payload-reserialized' && (yield* wait(crypto.sha256(variant))) === theirs)
      return [cause]
  return undefined
}
