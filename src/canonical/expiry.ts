import { timeOf } from '../lib/time.ts'
import { ensure } from '../model/errors.ts'
import type { KeyOwner } from '../model/types.ts'

/**
 * When a signature with a life of its own ends, a URL's or a form's: with its seconds, or with the
 * credentials where they end before.
 */
export function expiryOf(
  signingDate: Date,
  expiresIn: number,
  expiration?: KeyOwner['expiration'],
): Date {
  ensure(
    // An integer alone is itself without its fraction: no text is.
    expiresIn > 0 && expiresIn <= 604800 && expiresIn === ~~expiresIn,
    'invalid-expiry',
    'expiresIn 1 to 604800',
  )
  // The date that is signed has whole seconds, and the life is counted from there.
  return new Date(
    Math.min(
      new Date(signingDate).setUTCMilliseconds(1000 * expiresIn),
      timeOf(expiration ?? Infinity),
    ),
  )
}
