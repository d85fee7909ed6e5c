import { redact, redactTrace } from '../road/redact.ts'
import type { Trace } from '../types.ts'
import { CAUSES } from './causes.ts'
import type { Difference, Explanation, MismatchCause } from './types.ts'

/** Makes what cannot be seen visible: control characters, and the blanks at the ends. */
const visible = (text: string): string =>
  text
    .replace(
      /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/^ +| +$/g, (blanks) => '\u00b7'.repeat(blanks.length))

const marked = ({ part, line, column, ours, theirs }: Difference): string => {
  const mine = visible(ours)
  const other = visible(theirs)
  let at = 0
  while (at < mine.length && mine[at] === other[at]) at++
  return `${part}, line ${line}, column ${column}\n  ours    ${mine}\n  theirs  ${other}\n          ${' '.repeat(at)}^`
}

/** The text for people: cause, cure, and the differing lines with the first differing character marked. */
export function report(explanation: Omit<Explanation, 'toString'>): string {
  const { matches, cause, causes, certain, message, advice, differences, ours } = explanation
  if (matches) return message
  const others = causes.slice(1).map((other) => `  and: ${CAUSES[other][0]}`)
  return [
    `${certain ? 'Proved' : 'Likely'}: ${message}${cause ? ` (${cause})` : ''}`,
    ...others,
    `Cure: ${advice}`,
    ...differences.map(marked),
    ...(ours
      ? [
          '',
          'The canonical request as it is read here:',
          ...ours.canonicalRequest.split('\n').map((line) => `  ${visible(line)}`),
        ]
      : []),
  ].join('\n')
}

const redactTheirs = (theirs: Partial<Omit<Trace, 'signature'>>) => ({
  ...theirs,
  ...(theirs.canonicalRequest !== undefined && {
    canonicalRequest: redact(theirs.canonicalRequest),
  }),
})

/** An explanation with its text. */
export function explanationOf(
  causes: readonly MismatchCause[],
  certain: boolean,
  more: Partial<Pick<Explanation, 'ours' | 'theirs' | 'differences'>> & {
    detail?: string | undefined
  },
): Explanation {
  const [cause] = causes
  const [message, advice] = cause
    ? CAUSES[cause]
    : ['The signature matches.', 'Nothing is to be done.']
  const { detail, differences = [], ours, theirs } = more
  const explanation = {
    matches: cause === undefined,
    ...(cause && { cause }),
    causes,
    certain,
    message: detail ? `${message} (${detail.replace(/\.$/, '')})` : message,
    advice,
    ...(ours && { ours: redactTrace(ours) }),
    ...(theirs && { theirs: redactTheirs(theirs) }),
    differences: differences.map((it) => ({
      ...it,
      ours: redact(it.ours),
      theirs: redact(it.theirs),
    })),
  }
  return Object.defineProperty(explanation, 'toString', {
    value: () => report(explanation),
  }) as Explanation
}
