import type { Claim } from '../../model/verify-types.ts'
import type { ServerError } from '../case/server-error.ts'
import type { MismatchCause } from '../types.ts'

/** What the codes say that leave no doubt. */
const CODES: readonly (readonly [RegExp, MismatchCause])[] = [
  [/^ExpiredToken/, 'token-expired'],
  [/^TokenRefreshRequired$/, 'token-expired'],
  [/^XAmzContentSHA256Mismatch$/, 'payload-altered'],
]

/** What the messages say: AWS's own, those of S3-compatible servers, and those of `verify`. */
const MESSAGES: readonly (readonly [RegExp, MismatchCause])[] = [
  [/session token has expired|security token [\w ]{0,60}expired/i, 'token-expired'],
  [/not yet current|not valid yet|not yet valid/i, 'clock-ahead'],
  [/(request|url) has expired/i, 'expired'],
  [/region\b.{0,100}(is wrong|expecting)|scoped to a valid region|is for region/i, 'wrong-region'],
  [/scoped to correct service|incorrect service|is for service/i, 'wrong-service'],
  [/date in credential scope does not match|credential date|credential's date/i, 'date-mismatch'],
  [/incorrect date/i, 'date-mismatch'],
  [/valid terminator|incorrect terminal/i, 'wrong-terminator'],
  [/x-amz-content-sha256.{0,60}(does not match|neither)/i, 'payload-altered'],
  [/x-amz-content-sha256.{0,60}is needed/i, 'payload-hash-missing'],
  [/missing\b.{0,60}x-amz-content-sha256/i, 'payload-hash-missing'],
  [/body is not the one/i, 'payload-altered'],
  [/body must be signed/i, 'payload-unsigned'],
  [/-token (did not arrive|must be signed)/i, 'token-unsigned'],
  [/signed header \S+ did not arrive/i, 'header-dropped'],
  [/header (host|date|x-amz-date) must be signed|must be a 'SignedHeader'/i, 'header-unsigned'],
  [/header \S+ must be signed|headers? present.{0,60}not signed/i, 'header-added'],
  [/request came before/i, 'replayed'],
  [
    /algorithm is none of|not of Signature Version 4|Unsupported .{0,20}algorithm/i,
    'unsupported-algorithm',
  ],
  [/authorization mechanism you have provided is not supported/i, 'unsupported-algorithm'],
  [/request is not signed/i, 'not-signed'],
]

const OUT_OF_FORM =
  /^(IncompleteSignature|AuthorizationHeaderMalformed|AuthorizationQueryParametersError)/

/** Whether the server says no more than that the signature is another. */
export const isMismatch = ({ code = '', message }: ServerError): boolean =>
  /^(SignatureDoesNotMatch|InvalidSignature)/.test(code) || /signature we calculated/.test(message)

function causeOfTime(error: ServerError, claim: Claim | undefined): MismatchCause {
  const { message, serverTime, requestTime = claim?.signedAt } = error
  const late = serverTime && requestTime ? requestTime <= serverTime : !/not yet/.test(message)
  if (!late) return 'clock-ahead'
  return claim?.placement === 'query' ? 'expired' : 'clock-behind'
}

/** An unknown id, or token: the two are answered alike, and what was sent tells them apart. */
function causeOfId(
  { code = '', message }: ServerError,
  claim: Claim | undefined,
  token: string | undefined,
): MismatchCause | undefined {
  const ofToken = /^InvalidToken$/.test(code) || /session token is not that/.test(message)
  const ofEither =
    /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient)/.test(code) ||
    /security token included in the request is invalid|key id is not known/i.test(message)
  if (!ofToken && !ofEither) return undefined
  // A temporary key has a token always, a lasting one never.
  const id = claim?.accessKeyId ?? ''
  if (!token && (ofToken || /^ASIA/.test(id))) return 'token-missing'
  if (token && /^AKIA/.test(id)) return 'token-unexpected'
  return ofToken ? 'token-altered' : 'unknown-access-key'
}

/** The cause that the error itself names, where it names one; what was sent decides where it is open. */
export function causeOfWords(
  error: ServerError,
  claim: Claim | undefined,
  token: string | undefined,
): MismatchCause | undefined {
  const { code = '', message } = error
  if (/^RequestTimeTooSkewed$|^RequestExpired$/.test(code) || /Signature expired/.test(message))
    return causeOfTime(error, claim)
  const byId = causeOfId(error, claim, token)
  const [, named] =
    CODES.find(([words]) => words.test(code)) ??
    MESSAGES.find(([words]) => words.test(message)) ??
    []
  const cause = byId ?? named
  if (cause === 'expired' && claim?.placement === 'header') return 'clock-behind'
  if (cause) return cause
  if (/^MissingAuthenticationToken/.test(code) || /Missing Authentication Token/.test(message))
    return 'not-signed'
  return OUT_OF_FORM.test(code) && !isMismatch(error) ? 'malformed' : undefined
}
