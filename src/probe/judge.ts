import { readServerError } from '../explain/case/server-error.ts'
import { answersOf } from './cases/answers.ts'
import type { Case } from './cases/case.ts'
import type { ProbeAnswer, ProbeResult } from './types.ts'
import type { Received } from './wire.ts'

/** What became of a request: its answer, or why there is none, and what was then read of what it wrote. */
export interface Outcome {
  readonly answer: ProbeAnswer | undefined
  /** Why there is no answer. */
  readonly fault?: string | undefined
  /** Whether what is read is what was written; undefined where it was not looked at. */
  readonly kept?: boolean | undefined
}

/** Statuses that say nothing of a signature: what is asked for is not there, or in no such form. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([
  404, 405, 406, 409, 410, 415, 416, 429, 501, 503,
])

/** Codes of what a server cannot do. */
const CANNOT =
  /^(KeyTooLong(Error)?|NotImplemented|UnsupportedOperation|UnknownOperation(Exception)?)$/

const saysNothing = ({ status, code = '' }: ProbeAnswer): boolean =>
  SAYS_NOTHING.has(status) || status < 400 || CANNOT.test(code)

/** What a server calls its error: S3 in XML, others in JSON or a header. */
export function codeOf({ headers, body }: Received): string | undefined {
  const text = new TextDecoder().decode(body)
  const code = headers['x-amzn-errortype'] ?? readServerError(text).code
  return code?.split('#').at(-1)?.split(':')[0]?.trim()
}

/** An answer as `403 SignatureDoesNotMatch`. */
export const formatAnswer = ({ status, code }: ProbeAnswer): string =>
  code === undefined ? `${status}` : `${status} ${code}`

/** What AWS answers to a case. */
export const expectedOf = ({ kind, answers }: Case, isS3: boolean): readonly string[] =>
  kind === 'good' ? ['200'] : answersOf(answers, isS3)

type Verdict = Pick<ProbeResult, 'verdict' | 'message'>

function judgeGood(it: Case, { answer, fault, kept }: Outcome): Verdict {
  if (!answer) return { verdict: 'unsure', message: `There was no answer: ${fault}.` }
  const told = formatAnswer(answer)
  const { status } = answer
  if (status >= 200 && status < 300)
    return kept === false
      ? { verdict: 'differs', message: 'It was let in, but what is read is not what was sent.' }
      : { verdict: 'right', message: '' }
  if (saysNothing(answer) || status >= 500)
    return { verdict: 'unsure', message: `${told} does not tell whether its signature holds.` }
  if (it.recipe.place === 'form' && it.after === it.name)
    return { verdict: 'unsure', message: `The server seems to take no forms: ${told}.` }
  return { verdict: 'wrongly-refused', message: `It was refused: ${told}.` }
}

/** Whether an answer is one of AWS's; one to HEAD has a status alone, and other services have one for all. */
function isExpected(answer: ProbeAnswer, expected: readonly string[], isS3: boolean): boolean {
  const { status, code } = answer
  if (expected.length === 0) return true
  if (isS3)
    return expected.some((it) => (code ? it === formatAnswer(answer) : it.startsWith(`${status} `)))
  // A gateway's own words are no code.
  return code === undefined || expected.includes(code.replace(/Exception$/, ''))
}

function judgeBad(it: Case, { answer, fault }: Outcome, isS3: boolean): Verdict {
  if (!answer) return { verdict: 'differs', message: `There was no answer: ${fault}.` }
  const told = formatAnswer(answer)
  const { status } = answer
  if (status >= 200 && status < 300)
    return it.attack === undefined
      ? { verdict: 'differs', message: `It was let in (${told}), and AWS refuses it.` }
      : { verdict: 'let-in', message: `It was let in: ${told}. ${it.attack}` }
  if (saysNothing(answer))
    return { verdict: 'unsure', message: `${told} does not tell whether its signature was judged.` }
  const expected = expectedOf(it, isS3)
  if (status >= 500)
    return { verdict: 'differs', message: `It failed where it should refuse: ${told}.` }
  return isExpected(answer, expected, isS3)
    ? { verdict: 'right', message: '' }
    : {
        verdict: 'differs',
        message: `It was refused by ${told}, and AWS says ${expected.join(' or ')}.`,
      }
}

/** What is to be said of what became of a case. */
export const judge = (it: Case, outcome: Outcome, isS3: boolean): Verdict =>
  it.kind === 'good' ? judgeGood(it, outcome) : judgeBad(it, outcome, isS3)
