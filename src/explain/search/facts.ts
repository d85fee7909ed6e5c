import { fieldsOf } from '../../lib/fields.ts'
import { isoSeconds } from '../../lib/time.ts'
import type { Refused } from '../../model/refusal.ts'
import type { ReceivedRequest } from '../../model/verify-types.ts'
import type { MismatchCause } from '../types.ts'

/** A cause, and what it is about. */
export type Fact = readonly [cause: MismatchCause, detail?: string | undefined]

/** `2015-08-30T12:36:00Z`. */
const timeOf = (date: Date): string => (Number.isNaN(Number(date)) ? 'no date' : isoSeconds(date))

/** The two times that are too far apart, for people. */
export const timesOf = (request: Date, server: Date): string =>
  `request ${timeOf(request)}, server ${timeOf(server)}`

/** The cause that a refusal states by itself, without a search. */
export function factOf(
  { reason, message, times }: Refused,
  request: ReceivedRequest,
): Fact | undefined {
  const header = /header (\S+)/.exec(message)?.[1]
  const apart = times && timesOf(times.request, times.server)
  switch (reason) {
    case 'missing-authentication':
      return ['not-signed']
    case 'unsupported-algorithm':
      return ['unsupported-algorithm', message]
    case 'malformed-authorization':
      return [causeOfMalformed(message, request), message]
    case 'scope-mismatch':
      return [
        /date|day/.test(message)
          ? 'date-mismatch'
          : /service/.test(message)
            ? 'wrong-service'
            : 'wrong-region',
        message,
      ]
    case 'expired-session-token':
      return ['token-expired']
    case 'clock-skew':
      return [times && times.request > times.server ? 'clock-ahead' : 'clock-behind', apart]
    case 'not-yet-valid':
      return ['clock-ahead', apart]
    case 'expired':
      return ['expired', apart]
    case 'unsigned-headers':
      return [
        /-token must/.test(message)
          ? 'token-unsigned'
          : /header (host|date|x-amz-date) /.test(message)
            ? 'header-unsigned'
            : 'header-added',
        header,
      ]
    case 'signed-header-missing':
      return [/-token did/.test(message) ? 'token-missing' : 'header-dropped', header]
    case 'unsigned-payload':
      return ['payload-unsigned']
    case 'replayed':
      return ['replayed']
    default:
      return undefined
  }
}

function causeOfMalformed(message: string, { url, headers }: ReceivedRequest): MismatchCause {
  const text = `${url} ${[...fieldsOf(headers)].map(([, value]) => value).join(' ')}`
  if (/amp;X-Amz-/i.test(url)) return 'query-html-escaped'
  const credential = /Credential=([^,&\s]*)/.exec(text)?.[1] ?? ''
  if (/Credential must/.test(message))
    return /(\/|%2F)aws4_request$/i.test(credential) ? 'malformed' : 'wrong-terminator'
  if (!/signature must/.test(message)) return 'malformed'
  const signature = /Signature=([^,&\s]*)/.exec(text)?.[1] ?? ''
  if (/^[\dA-Fa-f]{64}$/.test(signature)) return 'signature-case'
  return /^[\da-f]{0,63}$/i.test(signature) ? 'signature-truncated' : 'signature-altered'
}
