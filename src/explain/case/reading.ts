import { formatStringToSign } from '../../canonical/canonical-request.ts'
import type { Profile } from '../../canonical/profile.ts'
import { parameterOf, tokenNameOf } from '../../canonical/token-name.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { isRefused } from '../../model/refusal.ts'
import type { Trace } from '../../model/types.ts'
import type { ReceivedRequest, VerifyingCredentials } from '../../model/verify-types.ts'
import { canonicalize } from '../../verify/canonicalize.ts'
import { readPayloadLine } from '../../verify/payload.ts'
import { readRequest } from '../../verify/read.ts'
import { bytesOf, type Received, withoutParameters } from '../../verify/received.ts'
import type { Statement } from '../../verify/statement.ts'
import type { ServerExplainOptions } from './case.ts'
import { type CanonicalParts, type Evidence, type Parts, parseParts } from './parts.ts'

/** A request as it is read here, whether it would be accepted or not. */
export interface Reading {
  readonly received: Received
  readonly statement: Statement
  readonly profile: Profile
  readonly evidence: Evidence
  readonly parts: Omit<Parts, 'key'>
  /** With the session token: to be hidden before it is shown. */
  readonly trace: Omit<Trace, 'signature'>
  readonly keys: readonly VerifyingCredentials[]
  /** S3's hash header did not come; the body's own hash stands in for it. */
  readonly hashMissing: boolean
}

/** What the hypotheses may look at. */
function evidenceOf(
  received: Received,
  { claim }: Statement,
  profile: Profile,
  options: ServerExplainOptions,
): Evidence {
  const tokenName = tokenNameOf(profile)
  const own = claim.placement === 'query' ? ['X-Amz-Signature'] : []
  return {
    method: received.method,
    rules: profile,
    wirePath: received.path,
    wireQuery: withoutParameters(received.query, own),
    headers: new Map(Object.entries(received.fields)),
    body: received.body ?? '',
    accessKeyId: claim.accessKeyId,
    token: received.fields[tokenName] ?? received.parameters.get(parameterOf(tokenName)),
    tokenName,
    placement: claim.placement,
    hosts: options.hosts ?? [],
    prefixes: options.pathPrefixes ?? [],
    otherSecrets: (options.otherCredentials ?? []).map(({ secretAccessKey }) => secretAccessKey),
  }
}

/** Reads a request without a judgement; undefined where it cannot be read. */
export function* readingOf(
  request: ReceivedRequest,
  options: ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Reading | undefined> {
  const { crypto = platform, plus } = options
  const reading = readRequest(request, options)
  if (reading.refusal) return undefined
  const { received, statement, profile } = reading
  const { claim, amzDate, credentialScope } = statement

  const line = yield* wait(readPayloadLine(reading, options, crypto))
  const payloadHash = isRefused(line)
    ? (received.fields['x-amz-content-sha256'] ?? (yield* wait(crypto.sha256(bytesOf(received)))))
    : line.line
  const host = received.fields.host ?? ''
  const canonicalRequest = canonicalize(reading, host, payloadHash, plus)
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  const parts = parseParts(canonicalRequest) as CanonicalParts
  const answer = (yield* wait(options.credentials(claim.accessKeyId, claim))) ?? []
  return {
    received,
    statement,
    profile,
    evidence: evidenceOf(received, statement, profile, options),
    parts: { ...parts, amzDate, credentialScope },
    trace: {
      canonicalRequest,
      stringToSign: formatStringToSign(statement.algorithm.name, amzDate, credentialScope, hash),
      credentialScope,
      signedHeaders: claim.signedHeaders,
    },
    keys: [answer].flat(),
    hashMissing: isRefused(line) && line.reason === 'missing-payload-hash',
  }
}
