import type { CryptoBackend } from '../crypto/backend.ts'
import { ensure } from '../model/errors.ts'

const EVENT_ALGORITHM = 'AWS4-HMAC-SHA256-PAYLOAD'

/** The signature that a chain of events starts from: the request's own, 64 hex digits. */
export const seedOf = (signature: string | undefined): string =>
  ensure(
    typeof signature === 'string' && /^[\da-f]{64}$/.test(signature) && signature,
    'invalid-options',
    'a request that SigV4 signed',
  )

/**
 * The string to sign of an event, chained to the signature before it; its headers as they are
 * encoded: the date alone.
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
 */
export async function eventStringToSign(
  prior: string,
  { amzDate, scope }: { amzDate: string; scope: string },
  headers: Uint8Array,
  payload: Uint8Array,
  crypto: CryptoBackend,
): Promise<string> {
  const headersHash = await crypto.sha256(headers)
  const payloadHash = await crypto.sha256(payload)
  return [EVENT_ALGORITHM, amzDate, scope, prior, headersHash, payloadHash].join('\n')
}

/** Runs tasks one after another, in the order of the calls; one that fails does not stop the next. */
export function inTurn(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(task)
    last = next.catch(() => {})
    return next
  }
}
