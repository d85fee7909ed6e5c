import type { Claim } from '../../model/verify-types.ts'
import type { ServerError } from '../case/server-error.ts'
import type { MismatchCause } from '../types.ts'

/** What the codes say that leave no doubt. */
const CODES: readonly (readonly [RegExp, MismatchCause])[] = [
  [/^ExpiredToken/, 'token-expired'],
  [/^TokenRefreshRequired$/, 'token-expired'],
  [/^XAmzContentSHA256Mismatch$/, 'payload-altered'],
]

/** What the messages say: AWS's own, and those of servers that speak as S3 does. */
const MESSAGES: readonly (readonly [RegExp, MismatchCause])[] = [
  [/security token [\w ]{0,60}expired/i, 'token-expired'],
  [/not yet current|not valid yet|not yet valid/i, 'clock-ahead'],
  [/request has expired/i, 'expired'],
  [/region\b.{0,100}(is wrong|expecting)|scoped to a valid region/i, 'wrong-region'],
  [/scoped to correct service|incorrect service/i, 'wrong-service'],
  [/date in credential scope does not match|credential date|incorrect date/i, 'date-mismatch'],
  [/valid terminator|incorrect terminal/i, 'wrong-terminator'],
  [/x-amz-content-sha256.{0,60}does not match/i, 'payload-altered'],
  [/missing\b.{0,60}x-amz-content-sha256/i, 'payload-hash-missing'],
  [/must be a 'SignedHeader'/i, 'header-unsigned'],
  [/headers? present.{0,60}not signed/i, 'header-added'],
  [/Unsupported .{0,20}algorithm/i, 'unsupported-algorithm'],
  [/authorization mechanism you have provided is not supported/i, 'unsupported-algorithm'],
]

const OUT_OF_FORM =
  /^(IncompleteSignature|AuthorizationHeaderMalformed|AuthorizationQueryParametersError)/

/** Whether the server says no more than that the signature is another. */
export const isMismatch = ({ code = '', message }: ServerError): boolean =>
  /^(SignatureDoesNotMatch|InvalidSignature)/.test(code) || /signature we calculated/.test(message)

/** Whether it is said in the words that API Gateway has for a path, too, that it does not have. */
export const isAmbiguous = ({ message }: ServerError): boolean =>
  /Missing Authentication Token/.test(message)

/** The cause that AWS's code or words name, where they name one. */
export function causeOfWords(error: ServerError): MismatchCause | undefined {
  const { code = '', message } = error
  const [, named] =
    CODES.find(([words]) => words.test(code)) ??
    MESSAGES.find(([words]) => words.test(message)) ??
    []
  if (named) return named
  if (/^MissingAuthenticationToken/.test(code) || isAmbiguous(error)) return 'not-signed'
  return OUT_OF_FORM.test(code) && !isMismatch(error) ? 'malformed' : undefined
}

/** A time that is off: whose, and by whose clock, is told by the two times where they are said. */
export function causeOfTime(
  error: ServerError,
  claim: Claim | undefined,
): MismatchCause | undefined {
  const { code = '', message, serverTime, requestTime = claim?.signedAt } = error
  if (!/^RequestTimeTooSkewed$|^RequestExpired$/.test(code) && !/Signature expired/.test(message))
    return undefined
  const late = serverTime && requestTime ? requestTime <= serverTime : !/not yet/.test(message)
  if (!late) return 'clock-ahead'
  return claim?.placement === 'query' ? 'expired' : 'clock-behind'
}

/** An unknown id, or token: the two are answered alike, and what was sent tells them apart. */
export function causeOfId(
  { code = '', message, refusal }: ServerError,
  claim: Claim | undefined,
  token: string | undefined,
): MismatchCause | undefined {
  const ofToken = code === 'InvalidToken' || refusal?.reason === 'invalid-session-token'
  const ofEither =
    /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient)/.test(code) ||
    /security token included in the request is invalid/i.test(message)
  if (!ofToken && !ofEither) return undefined
  // A temporary key has a token always, a lasting one never.
  const id = claim?.accessKeyId ?? ''
  if (!token && (ofToken || /^ASIA/.test(id))) return 'token-missing'
  if (token && /^AKIA/.test(id)) return 'token-unexpected'
  return ofToken ? 'token-altered' : 'unknown-access-key'
}
