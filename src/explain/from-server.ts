import type { Trace } from '../types.ts'
import { causeOfDifference, causeOfStrings, differencesOf } from './compare.ts'
import { explanationOf } from './report.ts'
import { causeOf, type ServerError } from './server-error.ts'
import type { Explanation, MismatchCause } from './types.ts'

/** What is wrong with a secret by its looks, where all that was signed is alike. */
function causeOfSecret(secret: string): MismatchCause {
  if (/^\s|\s$|^["']|["']$/.test(secret)) return 'secret-blanks'
  if (/%[\da-f]{2}/i.test(secret)) return 'secret-encoded'
  return /^A[KS]IA[A-Z\d]{12,}$/.test(secret) ? 'secret-swapped' : 'wrong-secret'
}

/** What the server's own words and its canonical request explain. */
export function explainFromServer(
  ours: Omit<Trace, 'signature'> | undefined,
  error: ServerError,
  secret: string,
): Explanation | undefined {
  const { canonicalRequest, stringToSign } = error
  const theirs = {
    ...(canonicalRequest !== undefined && { canonicalRequest }),
    ...(stringToSign !== undefined && { stringToSign }),
  }
  const said = causeOf(error)
  const more = { ...(ours && { ours }), theirs }
  if (said) return explanationOf([said], true, more)
  if (!ours || (canonicalRequest === undefined && stringToSign === undefined)) return undefined

  const differences =
    canonicalRequest === undefined ? [] : differencesOf(ours.canonicalRequest, canonicalRequest)
  const causes = [...new Set(differences.map(causeOfDifference))]
  // The list of signed headers differs wherever a header does: the header says more.
  const telling = differences.some(({ part }) => part === 'header')
    ? [
        ...new Set(
          differences.filter(({ part }) => part !== 'signedHeaders').map(causeOfDifference),
        ),
      ]
    : causes
  if (telling.length > 0) return explanationOf(telling, true, { ...more, differences })
  const strings =
    stringToSign === undefined ? undefined : causeOfStrings(ours.stringToSign, stringToSign)
  if (strings) return explanationOf([strings], true, more)
  return canonicalRequest === undefined
    ? undefined
    : explanationOf([causeOfSecret(secret)], true, more)
}
