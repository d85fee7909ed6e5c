import { checkWords } from '../canonical/words.ts'
import { hexByte } from '../lib/hex.ts'
import { amzDateOf, isoSeconds } from '../lib/time.ts'
import { utf8 } from '../lib/utf8.ts'
import { element } from '../lib/xml.ts'
import { type BodyFault, isBodyFault } from '../model/body-fault.ts'
import type { RefusedPost } from '../model/post.ts'
import type { RefusalReason, Refused } from '../model/refusal.ts'
import { BODY_ERRORS } from './body-errors.ts'
import { formCode } from './form-codes.ts'
import { leastSizeOf } from './least-size.ts'
import { formatRefusal } from './refusal-fields.ts'

/** The protocols whose error shape AWS clients parse. */
export type AwsProtocol = 's3' | 'json' | 'query'

/** An answer to send as it is. */
export interface AwsErrorResponse {
  /** The status of HTTP that AWS answers with. */
  status: number
  /** Names in lower case: the content type, and what names the error in the JSON protocol. */
  headers: Record<string, string>
  /** The error in XML or JSON, as AWS's clients parse it. */
  body: string
}

/** What the JSON and the query protocol call a refusal. */
const FAMILIES = {
  missing: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  incomplete: ['IncompleteSignatureException', 'IncompleteSignature'],
  unknown: ['UnrecognizedClientException', 'InvalidClientTokenId'],
  expired: ['ExpiredTokenException', 'ExpiredToken'],
  signature: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  denied: ['AccessDeniedException', 'AccessDenied'],
  invalid: ['ValidationException', 'ValidationError'],
  unavailable: ['ServiceUnavailableException', 'ServiceUnavailable'],
} as const

/** What S3 calls each reason, and its family elsewhere. */
const CODES: Readonly<Record<RefusalReason, readonly [s3: string, family: keyof typeof FAMILIES]>> =
  {
    'missing-authentication': ['AccessDenied', 'missing'],
    'malformed-authorization': ['AuthorizationHeaderMalformed', 'incomplete'],
    'unsupported-algorithm': ['InvalidRequest', 'incomplete'],
    'scope-mismatch': ['AuthorizationHeaderMalformed', 'signature'],
    'unknown-access-key': ['InvalidAccessKeyId', 'unknown'],
    'invalid-session-token': ['InvalidToken', 'unknown'],
    'expired-session-token': ['ExpiredToken', 'expired'],
    'clock-skew': ['RequestTimeTooSkewed', 'signature'],
    expired: ['AccessDenied', 'signature'],
    'not-yet-valid': ['AccessDenied', 'signature'],
    'unsigned-headers': ['AccessDenied', 'signature'],
    'signed-header-missing': ['AccessDenied', 'signature'],
    'missing-payload-hash': ['InvalidRequest', 'signature'],
    'unsigned-payload': ['AccessDenied', 'signature'],
    'payload-mismatch': ['XAmzContentSHA256Mismatch', 'signature'],
    'signature-mismatch': ['SignatureDoesNotMatch', 'signature'],
    replayed: ['AccessDenied', 'denied'],
    'ambiguous-path': ['InvalidURI', 'invalid'],
    'host-mismatch': ['InvalidRequest', 'invalid'],
    'replay-store-failed': ['ServiceUnavailable', 'unavailable'],
  }

/** How many times the bytes of a request an answer may have, and how many beside. */
const MOST_TIMES = 20
const MOST_BESIDE = 2048

const WORDS = { disclosure: 'aws|coarse', protocol: 's3|json|query' }

/** Whether a refusal tells which keys there are; a scope does with a trace alone, as its key was looked up then. */
const isOfKeys = ({ reason, trace }: RefusedPost): boolean =>
  /^(unknown-access-key|invalid-session-token|signature-mismatch)$/.test(reason) ||
  (reason === 'scope-mismatch' && trace !== undefined)

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const bytesOf = (text: string): string => Array.from(utf8(text), hexByte).join(' ')

/** AWS's own words for a time that is off, from which its clients learn the server's time. */
function timeMessage({ reason, times }: RefusedPost): string | undefined {
  if (!times) return undefined
  const { request, server } = times
  return reason === 'not-yet-valid' || request > server
    ? `Signature not yet current: ${amzDateOf(request)} is still later than ${amzDateOf(new Date(Number(server) + 900_000))} (${amzDateOf(server)} + 15 min.)`
    : `Signature expired: ${amzDateOf(request)} is now earlier than ${amzDateOf(new Date(Number(server) - 900_000))} (${amzDateOf(server)} - 15 min.)`
}

function canonicalMessage({ trace }: RefusedPost): string {
  if (!trace) return MISMATCH
  const { canonicalRequest, stringToSign } = trace
  const canonical =
    canonicalRequest &&
    `The Canonical String for this request should have been\n'${canonicalRequest}'\n\n`
  return `${MISMATCH}\n\n${canonical}The String-to-Sign should have been\n'${stringToSign}'\n`
}

function s3Details({ reason, times, trace }: RefusedPost): string {
  if (reason === 'clock-skew' && times)
    return (
      element('RequestTime', amzDateOf(times.request)) +
      element('ServerTime', isoSeconds(times.server)) +
      element('MaxAllowedSkewMilliseconds', '900000')
    )
  if (reason !== 'signature-mismatch' || !trace) return ''
  const { canonicalRequest, stringToSign } = trace
  return (
    element('StringToSign', stringToSign) +
    element('StringToSignBytes', bytesOf(stringToSign)) +
    (canonicalRequest &&
      element('CanonicalRequest', canonicalRequest) +
        element('CanonicalRequestBytes', bytesOf(canonicalRequest)))
  )
}

/** For programs, in JSON: `"refusal": { "reason": "unsigned-headers", "header": "x-amz-meta-a" }`. */
function refusalMember(refused: RefusedPost): { refusal?: Readonly<Record<string, string>> } {
  const refusal = formatRefusal(refused)
  return 'reason' in refusal ? { refusal } : {}
}

/** For programs, in XML: `<Refusal><Reason>unsigned-headers</Reason><Header>x-amz-meta-a</Header></Refusal>`. */
function refusalElement(refused: RefusedPost): string {
  const fields = Object.entries(formatRefusal(refused)).map(([name, field]) =>
    element(
      name.replace(/^./, (letter) => letter.toUpperCase()),
      field,
    ),
  )
  return fields.length > 0 ? `<Refusal>${fields.join('')}</Refusal>` : ''
}

/** What stands beside the code and the sentence of an answer. */
interface Beside {
  readonly elements: string
  readonly members?: object
}

/** An error in the form of each protocol, whose clients read its code and message. */
function errorIn(
  protocol: AwsProtocol,
  status: number,
  code: string,
  message: string,
  { elements, members }: Beside,
): AwsErrorResponse {
  if (protocol === 'json')
    return {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message, ...members }),
    }
  const error = `${element('Code', code)}${element('Message', message)}${elements}`
  return protocol === 's3'
    ? {
        status,
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}</Error>`,
      }
    : {
        status,
        headers: { 'content-type': 'text/xml' },
        body: `<ErrorResponse><Error>${element('Type', 'Sender')}${error}</Error></ErrorResponse>`,
      }
}

/** The answer to a refusal, all of which may be shown. */
function answerTo(shown: RefusedPost, protocol: AwsProtocol): AwsErrorResponse {
  const { reason, status } = shown
  const form = formCode(shown)
  const [s3, family] = form ? [form, 'denied' as const] : CODES[reason as RefusalReason]
  const [json, query] = FAMILIES[family]
  if (protocol === 's3') {
    const message =
      reason === 'signature-mismatch'
        ? MISMATCH
        : reason === 'expired'
          ? 'Request has expired'
          : shown.message
    const elements = s3Details(shown) + refusalElement(shown)
    return errorIn(protocol, status, s3, message, { elements })
  }
  const message =
    reason === 'signature-mismatch'
      ? canonicalMessage(shown)
      : (timeMessage(shown) ?? shown.message)
  return errorIn(protocol, status, protocol === 'json' ? json : query, message, {
    elements: refusalElement(shown),
    members: refusalMember(shown),
  })
}

/** The answer to a body that does not hold: S3's code, which other services have no other for. */
function bodyAnswer({ code, message }: BodyFault, protocol: AwsProtocol): AwsErrorResponse {
  const [name, status] = BODY_ERRORS[code]
  const sentence = message.slice(`${code}: `.length)
  return errorIn(protocol, status, name, sentence, { elements: '' })
}

/**
 * The answer that AWS would give, so that a real SDK reports the refusal properly; beside AWS's
 * words it states the reason for programs (`Refusal`, and what it is about), which `explain` reads.
 *
 * `coarse` gives one answer for an unknown key, one of another session or scope, and a wrong
 * signature, and shows no canonical request. No answer has more than 20 times the bytes of its request
 * and 2 KiB: one that would leaves the canonical request out. A form that `verifyPostPolicy` refuses is
 * answered as well, and the fault of a body that `readBody` fails with.
 * @throws CountersignError `invalid-options` where `protocol` or `disclosure` is another word
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @example
 * if (!result.ok) {
 *   const { status, headers, body } = awsError(result, 's3')
 *   return new Response(body, { status, headers })
 * }
 */
export function awsError(
  refused: Refused | RefusedPost | BodyFault,
  protocol: AwsProtocol,
  disclosure: 'aws' | 'coarse' = 'aws',
): AwsErrorResponse {
  checkWords({ disclosure, protocol: `${protocol}` }, WORDS)
  if (isBodyFault(refused)) return bodyAnswer(refused, protocol)
  const coarse = disclosure === 'coarse' && isOfKeys(refused)
  const { trace, ...rest }: RefusedPost = coarse
    ? { ...refused, reason: 'signature-mismatch' as const, status: 403 }
    : refused
  if (disclosure === 'coarse' || !trace) return answerTo(rest, protocol)
  const whole = answerTo({ ...rest, trace }, protocol)
  const most = MOST_TIMES * leastSizeOf(trace) + MOST_BESIDE
  // What is made larger by each escape would be a lever against whoever the answer goes to.
  return utf8(whole.body).length <= most
    ? whole
    : answerTo({ ...rest, trace: { ...trace, canonicalRequest: '' } }, protocol)
}
