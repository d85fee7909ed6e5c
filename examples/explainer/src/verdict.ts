import type { Explanation, Finding } from 'countersign'
import type { Stated } from './trace/stated.ts'

/** The cause and the cure, in words. */
export interface Verdict {
  readonly tone: 'match' | 'fault' | 'open'
  /** How sure it is. */
  readonly badge: string
  readonly title: string
  readonly cure: string
  /** The name of the cause, as `explain` gives it. */
  readonly cause: string
  /** What else is wrong. */
  readonly also: readonly { readonly title: string; readonly cure: string }[]
}

/** What a finding says, with what it is about. */
const titleOf = ({ message, detail }: Finding): string =>
  detail ? `${message} (${detail})` : message

const open = (title: string, cure: string): Verdict => ({
  ...{ tone: 'open', badge: 'Open', cause: '', also: [] },
  title,
  cure,
})

const TYPE_IT =
  'Type the secret under “What else is known”: it is used here and kept nowhere, and each likely mistake is then tried until one gives this signature.'

/** Puts an explanation into the words of a page on which a secret may be missing. */
export function verdictOf(
  explanation: Explanation,
  known: {
    readonly checked: 'checked' | 'unchecked'
    readonly answer: string
    readonly placement: Stated['placement']
  },
): Verdict {
  const { matches, cause, certain, message, advice, findings } = explanation
  const { checked, answer, placement } = known
  const undecided = matches || (cause === 'wrong-secret' && checked === 'unchecked')
  if (placement === 'none' && undecided)
    return {
      ...open(
        'This request is not signed.',
        'Below is the road that its signature would take. Paste it as it was sent, with its Authorization header, to see what is wrong with it.',
      ),
      cause: 'not-signed',
    }
  if (undecided && checked === 'unchecked')
    return answer
      ? open(
          'The server read exactly what is pasted here.',
          `So it is the text that was signed, or the secret. ${TYPE_IT}`,
        )
      : open(
          'By itself, nothing is wrong with this request.',
          `Paste what the server answered: it says what it read. ${TYPE_IT}`,
        )
  if (matches)
    return {
      ...{ tone: 'match', badge: 'Proved', cause: 'matches', also: [] },
      title: message,
      cure: 'It is the one that this secret gives for this request. If a server refuses it, paste its answer.',
    }
  return {
    tone: 'fault',
    badge: certain ? 'Proved' : 'Likely',
    title: message,
    cure: advice,
    cause: cause ?? '',
    also: findings.slice(1).map((finding) => ({ title: titleOf(finding), cure: finding.advice })),
  }
}
