import type { Refused } from '../model/refusal.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import type { Reading, Unread } from './read.ts'

/** What is known of a request when it is refused. */
type Known = Pick<Reading, 'received' | 'statement'> | Unread

/**
 * A refusal with what the answer to it needs, and no log: who presented what, where, and what would
 * have been taken.
 */
export const withPresented = <Fault extends Pick<Refused, 'ok' | 'message'>>(
  refused: Fault,
  { received, statement }: Known,
  { region }: Pick<VerifyOptions, 'region'>,
): Fault =>
  Object.defineProperties(refused, {
    presented: {
      value: statement && {
        accessKeyId: statement.claim.accessKeyId,
        signature: statement.signature,
      },
    },
    placement: { value: received && (received.fields.authorization ? 'header' : 'query') },
    expected: { value: { region } },
  })
