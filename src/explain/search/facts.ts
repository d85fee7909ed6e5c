import { fieldsOf } from '../../lib/fields.ts'
import { isoSeconds } from '../../lib/time.ts'
import type { Refused, RefusedPart } from '../../model/refusal.ts'
import type { ReceivedRequest } from '../../model/verify-types.ts'
import type { Statement } from '../../verify/statement.ts'
import type { MismatchCause } from '../types.ts'

/** What a refusal says as data. */
export type RefusalFacts = Pick<Refused, 'reason' | 'about' | 'times'>

/** The cause that a refusal states by itself, without a look at keys or body. */
export function causeOfRefusal(
  { reason, about = {}, times }: RefusalFacts,
  request: ReceivedRequest,
): MismatchCause | undefined {
  const { header = '', part } = about
  // It is signed, and cannot be read.
  if (reason === 'missing-authentication' && part === 'date') return 'malformed'
  if (reason === 'payload-mismatch' && header) return 'malformed'
  switch (reason) {
    case 'missing-authentication':
      return causeOfMissing(request)
    case 'unsupported-algorithm':
      return 'unsupported-algorithm'
    case 'malformed-authorization':
      return causeOfMalformed(part, request)
    case 'scope-mismatch':
      return part === 'date'
        ? 'date-mismatch'
        : part === 'service'
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
      return causeOfUnsigned(header)
    case 'signed-header-missing':
      return header.endsWith('-token') ? 'token-missing' : 'header-dropped'
    case 'unsigned-payload':
      return 'payload-unsigned'
    case 'replayed':
      return 'replayed'
    case 'ambiguous-path':
      return 'path-ambiguous'
    case 'host-mismatch':
      return 'host-ambiguous'
    default:
      return undefined
  }
}

function causeOfUnsigned(header: string): MismatchCause {
  if (header.endsWith('-token')) return 'token-unsigned'
  return ['host', 'date', 'x-amz-date'].includes(header) ? 'header-unsigned' : 'header-added'
}

/** A signature that is there, and that a damaged URL hides, is not missing. */
function causeOfMissing({ url }: ReceivedRequest): MismatchCause {
  if (/amp(;|%3B)X-Amz-/i.test(url)) return 'query-html-escaped'
  return /X-Amz-Signature%/i.test(url) ? 'url-reencoded' : 'not-signed'
}

/** What became of a signature that is hex, and not of its length; undefined where it may be. */
export const causeOfLength = ({
  algorithm,
  signature,
}: Pick<Statement, 'algorithm' | 'signature'>): MismatchCause | undefined =>
  algorithm.signatureForm || signature.length === 64
    ? undefined
    : signature.length < 64
      ? 'signature-truncated'
      : 'signature-altered'

/** What became of a credential or a signature that is out of form, by the request's own text. */
function causeOfMalformed(
  part: RefusedPart | undefined,
  { url, headers }: ReceivedRequest,
): MismatchCause {
  const text = [url, ...Array.from(fieldsOf(headers), ([, value]) => value)].join(' ')
  if (/amp(;|%3B)X-Amz-/i.test(url)) return 'query-html-escaped'
  const field = (form: RegExp) => form.exec(text)?.[1] ?? ''
  const credential = field(/Credential=([^,&\s]*)/)
  if (/%25[25]*2F/i.test(credential)) return 'url-reencoded'
  const names = credential.split(/\/|%2F/i)
  const isScope = /^\d{8}$/.test(names[1] ?? '') && names.length > 3
  if (part === 'credential' && isScope && names[4] !== 'aws4_request') return 'wrong-terminator'
  if (part !== 'signature') return 'malformed'
  const signature = field(/Signature=([^,&\s]*)/)
  if (/^[\dA-Fa-f]{64}$/.test(signature)) return 'signature-case'
  return /^[\da-f]{0,63}$/i.test(signature) ? 'signature-truncated' : 'signature-altered'
}

/** `2015-08-30T12:36:00Z`. */
const timeOf = (date: Date): string => (Number.isNaN(Number(date)) ? 'no date' : isoSeconds(date))

/** The two times that are too far apart, for people. */
export const timesOf = (request: Date, server: Date): string =>
  `request ${timeOf(request)}, server ${timeOf(server)}`

/** Whether an id has the form of a secret. */
export const hasFormOfSecret = (id: string): boolean => /^[A-Za-z\d/+=]{40}$/.test(id)
