import { parameterOf, tokenNameOf } from '../canonical/token-name.ts'
import type { Reading } from './read.ts'

/**
 * The session token that was sent: under the service's own name, or under the one that a role's token
 * has, as S3 Express takes both. Two that differ make one that nobody holds.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
 */
export function sentToken({ received, statement, profile }: Reading): string {
  const read = (name: string) =>
    statement.claim.placement === 'header'
      ? received.fields[name]
      : received.parameters.get(parameterOf(name))
  const names = new Set([profile, {}].map((of) => tokenNameOf(of)))
  return [...names].map(read).filter(Boolean).join()
}
