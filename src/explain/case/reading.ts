import {
  type CanonicalParts,
  formatStringToSign,
  parseCanonicalRequest,
} from '../../canonical/canonical-request.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { isRefused } from '../../model/refusal.ts'
import type { Trace } from '../../model/types.ts'
import type { ReceivedRequest, VerifyingCredentials } from '../../model/verify-types.ts'
import { canonicalize } from '../../verify/canonicalize.ts'
import { readPayloadLine } from '../../verify/payload.ts'
import { type Reading as ReadRequest, readRequest } from '../../verify/read.ts'
import { bytesOf } from '../../verify/received.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import type { ServerExplainOptions } from './options.ts'
import type { Parts } from './parts.ts'

/** A request as it is read here, whether it would be accepted or not: what verify reads, and what came of it. */
export interface Reading extends ReadRequest {
  readonly evidence: Evidence
  readonly parts: Omit<Parts, 'key'>
  /** With the session token: to be hidden before it is shown. */
  readonly trace: Omit<Trace, 'signature'>
  readonly keys: readonly VerifyingCredentials[]
  /** S3's hash header did not come; the body's own hash stands in for it. */
  readonly hashMissing: boolean
}

/** Reads a request without a judgement; undefined where it cannot be read. */
export function* readingOf(
  request: ReceivedRequest,
  options: ServerExplainOptions,
  crypto: CryptoBackend,
): Steps<Reading | undefined> {
  const found = readRequest(request, options)
  if (found.refusal) return undefined
  // A name that is signed and did not come may be one that every object has.
  const fields = Object.assign(Object.create(null), { host: '' }, found.received.fields)
  const read = { ...found, received: { ...found.received, fields } }
  const { received, statement } = read
  const { claim, algorithm, amzDate, credentialScope } = statement
  const { 'x-amz-content-sha256': stated } = received.fields
  const line = yield* wait(readPayloadLine(read, options, crypto))
  const payloadHash = isRefused(line)
    ? (stated ?? (yield* wait(crypto.sha256(bytesOf(received)))))
    : line.line
  const canonicalRequest = canonicalize(read, payloadHash, options.plus)
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  const parts = parseCanonicalRequest(canonicalRequest) as CanonicalParts
  const answer = (yield* wait(options.credentials(claim.accessKeyId, claim))) ?? []
  return {
    ...read,
    evidence: evidenceOf(read, `${request.url}`, options),
    parts: { ...parts, amzDate, credentialScope },
    trace: {
      canonicalRequest,
      stringToSign: formatStringToSign(algorithm.name, amzDate, credentialScope, hash),
      credentialScope,
      signedHeaders: claim.signedHeaders,
    },
    keys: [answer].flat(),
    hashMissing: isRefused(line) && line.reason === 'missing-payload-hash',
  }
}
