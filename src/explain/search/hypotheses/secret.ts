import { percentDecode, percentEncode } from '../../../lib/percent.ts'
import type { Evidence } from '../../case/evidence.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { tried } from './texts.ts'

/** What a signer may have used in place of the secret; never shown. */
export function* secretHypotheses(
  secret: string,
  { accessKeyId, otherSecrets }: Pick<Evidence, 'accessKeyId' | 'otherSecrets'>,
): Iterable<Hypothesis> {
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
    ['secret-encoded', tried(percentEncode, secret)],
    ['secret-encoded', tried(encodeURI, secret)],
    ['secret-encoded', percentDecode(secret)],
    ['secret-encoded', secret.replace(/\+/g, ' ')],
    ['secret-encoded', secret.replace(/ /g, '+')],
    ['secret-encoded', secret.replace(/\//g, '\\/')],
    ['secret-swapped', accessKeyId],
    ['wrong-secret', ''],
    ...otherSecrets.map((other): [MismatchCause, string] => ['secret-of-another-key', other]),
  ]
  for (const [cause, secretAccessKey] of secrets) {
    if (secretAccessKey === secret) continue
    const key = { accessKeyId, secretAccessKey }
    yield { cause, change: (parts) => ({ ...parts, key }) }
  }
}
