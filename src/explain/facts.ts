import type { Refused } from '../refusal.ts'
import type { ReceivedRequest } from '../verify-types.ts'
import type { MismatchCause } from './types.ts'

/** The cause that a refusal states by itself, without a search. */
export function causeOfRefusal(
  { reason, message, times }: Refused,
  request: ReceivedRequest,
): MismatchCause | undefined {
  switch (reason) {
    case 'missing-authentication':
      return 'not-signed'
    case 'unsupported-algorithm':
      return 'unsupported-algorithm'
    case 'malformed-authorization':
      return causeOfMalformed(message, request)
    case 'scope-mismatch':
      return /date|day/.test(message)
        ? 'date-mismatch'
        : /service/.test(message)
          ? 'wrong-service'
          : 'wrong-region'
    case 'expired-session-token':
      return 'token-expired'
    case 'clock-skew':
      return times && times.request > times.server ? 'clock-ahead' : 'clock-behind'
    case 'not-yet-valid':
      return 'clock-ahead'
    case 'expired':
      return 'expired'
    case 'unsigned-headers':
      return /-token must/.test(message)
        ? 'token-unsigned'
        : /host|date/.test(message)
          ? 'header-unsigned'
          : 'header-added'
    case 'signed-header-missing':
      return /-token did/.test(message) ? 'token-missing' : 'header-dropped'
    case 'unsigned-payload':
      return 'payload-unsigned'
    case 'replayed':
      return 'replayed'
    default:
      return undefined
  }
}

function causeOfMalformed(message: string, { url, headers = {} }: ReceivedRequest): MismatchCause {
  const fields = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  const text = `${url} ${fields.map(([, value]) => value).join(' ')}`
  if (/amp;X-Amz-/i.test(url)) return 'query-html-escaped'
  if (/Credential must/.test(message)) return 'wrong-terminator'
  const signature = /Signature=([^,&\s]*)/.exec(text)?.[1] ?? ''
  if (/signature must/.test(message) && /[A-F]/.test(signature)) return 'signature-case'
  if (/signature must/.test(message) && signature.length < 64) return 'signature-truncated'
  return /signature must/.test(message) ? 'signature-altered' : 'malformed'
}
