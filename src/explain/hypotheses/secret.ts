import { percentEncode } from '../../lib/percent.ts'
import type { Hypothesis } from '../hypotheses.ts'
import type { Evidence, Parts } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What a signer may have used in place of the secret; never shown. */
export function secretHypotheses(
  { secret }: Parts,
  { accessKeyId, otherSecrets }: Evidence,
): Hypothesis[] {
  const secrets: [MismatchCause, string][] = [
    ['secret-blanks', secret.trim()],
    ['secret-blanks', `${secret}\n`],
    ['secret-blanks', `${secret}\r\n`],
    ['secret-blanks', `${secret}\r`],
    ['secret-blanks', `${secret} `],
    ['secret-blanks', ` ${secret}`],
    ['secret-blanks', `\t${secret}`],
    ['secret-blanks', `${secret}\t`],
    ['secret-blanks', `"${secret}"`],
    ['secret-blanks', `'${secret}'`],
    ['secret-encoded', percentEncode(secret)],
    ['secret-encoded', encodeURI(secret)],
    ['secret-encoded', decode(secret)],
    ['secret-encoded', secret.replace(/\+/g, ' ')],
    ['secret-encoded', secret.replace(/ /g, '+')],
    ['secret-encoded', secret.replace(/\//g, '\\/')],
    ['secret-swapped', accessKeyId],
    ['wrong-secret', ''],
    ...otherSecrets.map((other): [MismatchCause, string] => ['secret-of-another-key', other]),
  ]
  return secrets.map(([cause, value]) => ({
    cause,
    change: (parts) => ({ ...parts, secret: value }),
  }))
}
