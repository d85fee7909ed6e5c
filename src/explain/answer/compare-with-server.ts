import { redact } from '../../canonical/redact.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { profileOf } from '../../verify/profile.ts'
import type { Case, Client } from '../case/case.ts'
import { canonicalDifferences, differencesOf, type Texts } from '../case/differences.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import { isRedacted } from '../case/request-of-answer.ts'
import type { Diagnosis, Fault } from '../diagnosis.ts'
import { searchMistakes, traceOf, withoutProof } from '../search/by-search.ts'
import { bodyVariants } from '../search/hypotheses/payload.ts'
import { faultsOf, type Hypothesis } from '../search/hypothesis.ts'
import type { Solution } from '../search/mistakes.ts'
import type { Difference } from '../types.ts'
import { causesOfDifference } from './difference-causes.ts'
import { causeOfSecret } from './secret.ts'

/** Compares what was signed with what the server would have signed. */
export function* compareWithServer(
  it: Case,
  { key }: Client,
  reading: Reading,
  theirs: Texts,
): Steps<Diagnosis | undefined> {
  const { verdict, bounds, crypto } = it
  // A request that another signer made may be signed another way than it is read here.
  const otherSigner = !verdict.ok && verdict.reason === 'signature-mismatch'
  const solution = otherSigner ? yield* searchMistakes(it, reading) : undefined
  const ours = solution ? yield* traceOf(solution.parts, reading.statement, crypto) : reading.trace
  const differences = differencesAsShown(ours, theirs)
  const faults = [
    ...faultsOf(mistakesThatShow(solution, { ...reading.parts, key }, differences)),
    ...(yield* faultsOnTheWay(reading, theirs, differences, solution, { bounds, crypto })),
  ]
  if (faults.length > 0) return { faults, certain: true, ours, theirs, differences }
  if (otherSigner && !solution) return { ...withoutProof(it, reading), ours, theirs, differences }
  if (!verdict.ok && !solution) return undefined
  const proof = isRedacted(theirs.canonicalRequest) ? tokenProof(ours, theirs) : 'alike'
  if (proof === 'other')
    return {
      faults: [{ cause: 'token-altered', detail: 'all else that was signed is alike' }],
      certain: true,
      ...{ ours, theirs, differences },
    }
  const detail =
    proof === 'alike'
      ? 'all that was signed is alike on both sides'
      : 'the server leaves the session token out of its text, which so proves nothing'
  return {
    faults: [{ cause: causeOfSecret(key), detail }],
    certain: proof === 'alike',
    ...{ ours, theirs, differences },
  }
}

/** Whether the token that a server leaves out of its text is ours, as the hash in its string to sign has it. */
function tokenProof(ours: Texts, theirs: Texts): 'alike' | 'other' | 'open' {
  const [mine, other] = [ours, theirs].map(({ stringToSign }) => stringToSign?.split('\n')[3])
  if (!mine || !other) return 'open'
  return mine === other ? 'alike' : 'other'
}

/** Where two sides differ; a server may show its canonical request without the session token. */
const differencesAsShown = (ours: Texts, theirs: Texts): Difference[] =>
  differencesOf(
    theirs.canonicalRequest.includes('…')
      ? { ...ours, canonicalRequest: redact(ours.canonicalRequest) }
      : ours,
    theirs,
  )

/** The signer's mistakes that are some in this server's eyes: they show in what differs, or in the key alone. */
function mistakesThatShow(
  solution: Solution | undefined,
  base: Parts,
  differences: readonly Difference[],
): Hypothesis[] {
  const mistakes = solution?.mistakes ?? []
  const places = placesOf(differences)
  return mistakes.filter(({ change }) => {
    const changed = change(base)
    if (changed.credentialScope !== base.credentialScope)
      return differences.some(({ part }) => part === 'stringToSign')
    const touched = canonicalDifferences(formatParts(base), formatParts(changed))
    return touched.length === 0 || touched.some((it) => places.has(placeOf(it)))
  })
}

const placeOf = ({ part, line }: Difference): string => `${part} ${line}`

const placesOf = (differences: readonly Difference[]): ReadonlySet<string> =>
  new Set(differences.map(placeOf))

/** What happened between signer and server: it shows between our reading and the server's. */
function* faultsOnTheWay(
  reading: Reading,
  theirs: Texts,
  differences: readonly Difference[],
  solution: Solution | undefined,
  means: Pick<Case, 'bounds' | 'crypto'>,
): Steps<Fault[]> {
  // The list of names differs with the headers, and tells nothing more.
  const shown = differences.filter(({ part }) => part !== 'signedHeaders' || differences.length < 2)
  const places = placesOf(shown)
  const between = solution ? differencesAsShown(reading.trace, theirs) : shown
  const rules = {
    own: reading.profile,
    service: profileOf(reading.statement.claim.scope.service, {}),
  }
  const faults: Fault[] = []
  for (const it of between.filter((it) => places.has(placeOf(it)))) {
    const causes = (yield* isReserialized(it, reading, means))
      ? (['payload-reserialized'] as const)
      : causesOfDifference(it, rules)
    faults.push(...causes.map((cause): Fault => ({ cause, detail: headerOf(it) })))
  }
  return faults
}

/** The name of the header that a difference is in. */
const headerOf = ({ part, ours, theirs }: Difference): string | undefined =>
  part === 'header' ? (ours || theirs).split(':', 1)[0] : undefined

/** Whether a payload is that of the body after a parser has had it, as far as there is time to tell. */
function* isReserialized(
  { part, theirs }: Difference,
  { evidence }: Reading,
  { bounds, crypto }: Pick<Case, 'bounds' | 'crypto'>,
): Steps<boolean> {
  if (part !== 'payload') return false
  for (const [cause, variant] of bodyVariants(evidence.body)) {
    if (bounds.isOver()) return false
    if (cause === 'payload-reserialized' && (yield* wait(crypto.sha256(variant))) === theirs)
      return true
  }
  return false
}
