import { ensure } from '../model/errors.ts'

/**
 * When a signature with a life of its own ends, a URL's or a form's: with its seconds, or with the
 * credentials where they end before.
 */
export function expiryOf(signingDate: Date, expiresIn: number, expiration?: Date): Date {
  ensure(
    Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= 604800,
    'invalid-expiry',
    'expiresIn in whole seconds to 604800',
  )
  // The date that is signed has whole seconds, and the life is counted from there.
  const end = (Math.floor(Number(signingDate) / 1000) + expiresIn) * 1000
  return new Date(Math.min(end, Number(expiration ?? end)))
}
