import { checkWords } from '../canonical/words.ts'
import { utf8Length } from '../lib/utf8.ts'
import { type Elements, elements } from '../lib/xml.ts'
import type { BodyFault } from '../model/body-fault.ts'
import type { RefusedPost } from '../model/post.ts'
import type { Refused } from '../model/refusal.ts'
import { codesOf } from './aws-codes.ts'
import { regionOf, s3Details } from './aws-details.ts'
import { plainMessage, s3Message } from './aws-messages.ts'
import { type Shown, shownOf } from './aws-shown.ts'
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

/** What an answer says beside what it answers. */
export interface AwsErrorOptions {
  /**
   * `coarse`: one answer for an unknown key, one of another session or scope, and a wrong signature,
   * and nothing of what was signed. Default: `aws`.
   */
  disclosure?: 'aws' | 'coarse' | undefined
  /** The request's id, to find it again in a log; it is that of the host too. Default: in S3's protocol random digits. */
  requestId?: string | undefined
  /** What was asked for, such as `/bucket/key`; of S3's protocol. Default: it is not told. */
  resource?: string | undefined
  /**
   * The region that a request should have been signed for, told to one that is signed for another; of
   * S3's protocol. Default: the first that the verifier takes.
   */
  region?: string | undefined
}

/** How many times the bytes of a request an answer may have, and how many beside. */
const MOST_TIMES = 20
const MOST_BESIDE = 2048

/**
 * Characters of each text of the sender's in an answer, as many as S3 takes of a request's headers: it
 * has each in hex too, three times as long, and the other protocols so have room for four times that.
 */
const MOST_SHOWN = { s3: 8192, json: 32768, query: 32768 }

const WORDS = { disclosure: 'aws|coarse', protocol: 's3|json|query' }

// It finds a request again, and keeps no secret.
const randomDigits = (count: number): string =>
  Array.from({ length: count }, () => Math.floor(Math.random() * 16).toString(16))
    .join('')
    .toUpperCase()

/** For programs, in JSON: `"refusal": { "reason": "unsigned-headers", "header": "x-amz-meta-a" }`. */
function refusalMember(shown: Shown): { refusal?: Readonly<Record<string, string>> } {
  const refusal = formatRefusal(shown)
  return 'reason' in refusal ? { refusal } : {}
}

/** For programs, in XML: `<Refusal><Reason>unsigned-headers</Reason><Header>x-amz-meta-a</Header></Refusal>`. */
function refusalElements(shown: Shown): { Refusal?: Elements } {
  const fields = Object.entries(formatRefusal(shown)).map(([name, field]) => [
    name.replace(/^./, (letter) => letter.toUpperCase()),
    field,
  ])
  return fields.length > 0 ? { Refusal: Object.fromEntries(fields) } : {}
}

/** The bytes that a canonical request adds to an answer, at the most: escaped, and once more in hex. */
const sizeShown = (canonicalRequest: string, protocol: AwsProtocol): number =>
  100 +
  utf8Length(canonicalRequest) * (protocol === 's3' ? 4 : 1) +
  // What takes six in place of one: by its number, in XML or in JSON.
  5 * (canonicalRequest.split(/[<>&"'\\\0-\x1f]/).length - 1)

function s3Answer(shown: Shown, options: AwsErrorOptions): AwsErrorResponse {
  const { resource, requestId } = options
  const region = regionOf(shown, options.region)
  const error = {
    Code: codesOf(shown).s3,
    Message: s3Message(shown),
    ...s3Details(shown),
    Region: region || undefined,
    Resource: resource,
    RequestId: requestId ?? randomDigits(16),
    HostId: requestId ?? randomDigits(32),
    ...refusalElements(shown),
  }
  return {
    status: shown.status,
    headers: {
      'content-type': 'application/xml',
      // An answer to HEAD has no body.
      ...(region && { 'x-amz-bucket-region': region }),
      ...(requestId && { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }),
    },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${elements({ Error: error })}`,
  }
}

function plainAnswer(
  shown: Shown,
  protocol: 'json' | 'query',
  { requestId }: AwsErrorOptions,
): AwsErrorResponse {
  const { status } = shown
  const { json, query } = codesOf(shown)
  const message = plainMessage(shown)
  const ids = requestId && { 'x-amzn-requestid': requestId }
  if (protocol === 'json')
    return {
      status,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': json,
        ...ids,
      },
      body: JSON.stringify({ __type: json, message, ...refusalMember(shown) }),
    }
  const error = { Type: 'Sender', Code: query, Message: message, ...refusalElements(shown) }
  return {
    status,
    headers: { 'content-type': 'text/xml', ...ids },
    body: elements({ ErrorResponse: { Error: error, RequestId: requestId || undefined } }),
  }
}

/**
 * The answer that AWS would give, so that a real SDK reports the refusal properly: to a request that
 * `verify` refuses, a form that `verifyPostPolicy` does, and a body that `readBody` does. Beside AWS's
 * words it states the reason for programs (`Refusal`, and what it is about), which `explain` reads.
 *
 * A wrong signature is answered in S3's protocol with all that `countersign explain` needs to search
 * for the cause, and one for another region with the right one, for which clients sign again. No
 * answer has more than 20 times the bytes of its request and 2 KiB: one that would leaves the
 * canonical request out, and so does one whose canonical request has more than 8 KiB (in the other
 * protocols 32), which would cost more than it tells.
 * @throws CountersignError `invalid-options` where `protocol` or `disclosure` is another word
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @example
 * if (!result.ok) {
 *   const { status, headers, body } = awsError(result, 's3', { resource: '/bucket/key' })
 *   return new Response(body, { status, headers })
 * }
 */
export function awsError(
  refused: Refused | RefusedPost | BodyFault,
  protocol: AwsProtocol,
  options: 'aws' | 'coarse' | AwsErrorOptions = {},
): AwsErrorResponse {
  const given = typeof options === 'string' ? { disclosure: options } : options
  const { disclosure = 'aws' } = given
  checkWords({ disclosure, protocol: `${protocol}` }, WORDS)
  const answerTo = (shown: Shown) =>
    protocol === 's3' ? s3Answer(shown, given) : plainAnswer(shown, protocol, given)
  const shown = shownOf(refused, disclosure, MOST_SHOWN[protocol])
  const { trace, presented } = shown
  if (!trace?.canonicalRequest) return answerTo(shown)
  const without = answerTo({ ...shown, trace: { ...trace, canonicalRequest: '' } })
  const size = utf8Length(without.body) + sizeShown(trace.canonicalRequest, protocol)
  // What is made larger by each escape would be a lever against whoever the answer goes to.
  return size <= MOST_TIMES * leastSizeOf(trace, presented) + MOST_BESIDE
    ? answerTo(shown)
    : without
}
