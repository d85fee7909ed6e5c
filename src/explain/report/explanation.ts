import { visible } from '../../lib/visible.ts'
import type { Case } from '../case/case.ts'
import type { Diagnosis, Fault } from '../diagnosis.ts'
import type { Explanation, Finding } from '../types.ts'
import { CAUSES } from './causes.ts'
import { type Hide, hideSecretsOf } from './hide.ts'
import { report, sentenceOf } from './report.ts'

/** Puts a diagnosis into words, without what must not be shown. */
export function explanationOf(diagnosis: Diagnosis, it: Case): Explanation {
  const { certain, ours = it.reading?.trace, theirs, differences = [] } = diagnosis
  const hide = hideSecretsOf(it)
  const findings = oncePerCause(diagnosis.faults).map((fault) => findingOf(fault, hide))
  const [first] = findings
  const explanation = {
    matches: first === undefined,
    findings,
    ...(first && { cause: first.cause }),
    causes: findings.map(({ cause }) => cause),
    certain,
    message: first
      ? sentenceOf(first)
      : visible(hide(diagnosis.message ?? 'The signature matches.')),
    advice: first?.advice ?? diagnosis.advice ?? 'Nothing is to be done.',
    ...(ours && { ours: hidden(ours, hide) }),
    ...(theirs && { theirs: hidden(theirs, hide) }),
    differences: differences.map((place) => ({
      ...place,
      ours: hide(place.ours),
      theirs: hide(place.theirs),
    })),
  }
  return Object.defineProperty(explanation, 'toString', {
    value: () => report(explanation, it.client ? 'client' : 'server'),
  }) as Explanation
}

/** The first fault of each cause. */
function oncePerCause(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults.filter(({ cause }) => !seen.has(cause) && seen.add(cause))
}

function findingOf({ cause, detail, message, beside }: Fault, hide: Hide): Finding {
  const [told, advice] = CAUSES[cause]
  const sentence = [message ?? told, beside].filter(Boolean).join(' ')
  // What a stranger wrote stands in a log as it was, and forges no line of it.
  const shown = detail && visible(hide(detail.replace(/\.$/, ''))).slice(0, 300)
  return { cause, ...(shown && { detail: shown }), message: visible(sentence), advice }
}

/** A trace without what must not be shown; a signature is left out. */
function hidden<Shown extends Partial<NonNullable<Explanation['ours']>>>(
  { canonicalRequest, stringToSign, credentialScope, signedHeaders }: Shown,
  hide: Hide,
): Shown {
  return {
    ...(canonicalRequest !== undefined && { canonicalRequest: hide(canonicalRequest) }),
    ...(stringToSign !== undefined && { stringToSign: hide(stringToSign) }),
    ...(credentialScope !== undefined && { credentialScope: hide(credentialScope) }),
    ...(signedHeaders !== undefined && { signedHeaders }),
  } as Shown
}
