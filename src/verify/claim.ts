import { sigv4 } from '../algorithms/sigv4.ts'
import { isRefused } from '../model/refusal.ts'
import type { Claim, ReceivedRequest, VerifyOptions } from '../model/verify-types.ts'
import { type Received, readReceived } from './received.ts'
import { readStatement } from './statement.ts'

/** What a request states before anything is proved, each part where it can be read. */
export function readClaim(
  request: ReceivedRequest,
  options: Pick<VerifyOptions, 'algorithm' | 'plus' | 'sessionTokenName'>,
): { received?: Received; claim?: Claim; credentialScope?: string } {
  const { algorithm = sigv4 } = options
  const received = readReceived(request, options)
  if (isRefused(received)) return {}
  const statement = readStatement(received, [algorithm].flat())
  if (isRefused(statement)) return { received }
  const { claim, credentialScope } = statement
  return { received, claim, credentialScope }
}
