import { amzDateOf } from '../lib/time.ts'
import type { RefusedPart } from '../model/refusal.ts'
import { isOfQuery } from './aws-codes.ts'
import type { Shown } from './aws-shown.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** The parameter of a presigned URL that a part stands in, as AWS writes it. */
const PARAMETERS: Partial<Readonly<Record<RefusedPart, string>>> = {
  algorithm: 'X-Amz-Algorithm',
  credential: 'X-Amz-Credential',
  expires: 'X-Amz-Expires',
  region: 'X-Amz-Credential',
  service: 'X-Amz-Credential',
  signature: 'X-Amz-Signature',
  'signed-headers': 'X-Amz-SignedHeaders',
}

/** The message of S3 about what a presigned URL says of its signature: it names the parameter. */
function queryMessage({ reason, message, about = {} }: Shown): string {
  const { parameter, part } = about
  if (part === undefined)
    return `Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters, each once. ${message}`
  // The date of a scope is not that which the signature has.
  const own = part === 'date' && reason === 'scope-mismatch' ? 'X-Amz-Credential' : 'X-Amz-Date'
  const name = parameter ?? PARAMETERS[part] ?? own
  return message.startsWith(name)
    ? message
    : `Error parsing the ${name} parameter; ${message.replace(/^The /, 'the ')}`
}

/** What a message of S3 says, in S3's own words where it is known by them. */
export function s3Message(shown: Shown): string {
  const { reason, message, about = {} } = shown
  if (isOfQuery(shown)) return queryMessage(shown)
  switch (reason) {
    case 'signature-mismatch':
    case 'chunk-mismatch':
      return MISMATCH
    case 'expired':
      return 'Request has expired'
    case 'missing-authentication':
      return about.part === 'date'
        ? 'AWS authentication requires a valid Date or x-amz-date header'
        : message
    case 'unsupported-algorithm':
      return about.header
        ? 'Unsupported Authorization Type'
        : about.part
          ? message
          : 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.'
    case 'payload-mismatch':
      return about.header
        ? `${about.header} must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.`
        : message
    default:
      return message
  }
}

/** AWS's own words for a time that is off, from which its clients learn the server's time. */
function timeMessage({ reason, times }: Shown): string | undefined {
  if (!times) return undefined
  const { request, server } = times
  return reason === 'not-yet-valid' || request > server
    ? `Signature not yet current: ${amzDateOf(request)} is still later than ${amzDateOf(new Date(Number(server) + 900_000))} (${amzDateOf(server)} + 15 min.)`
    : `Signature expired: ${amzDateOf(request)} is now earlier than ${amzDateOf(new Date(Number(server) - 900_000))} (${amzDateOf(server)} - 15 min.)`
}

function canonicalMessage({ trace }: Shown): string {
  if (!trace) return MISMATCH
  const { canonicalRequest, stringToSign } = trace
  const shown = (name: string, text: string) =>
    text && `\n\nThe ${name} should have been\n'${text}'`
  const canonical = shown('Canonical String for this request', canonicalRequest)
  return `${MISMATCH}${canonical}${shown('String-to-Sign', stringToSign)}\n`
}

/** What a message of the JSON and the query protocol says. */
export const plainMessage = (shown: Shown): string =>
  shown.reason === 'signature-mismatch'
    ? canonicalMessage(shown)
    : (timeMessage(shown) ?? shown.message)
