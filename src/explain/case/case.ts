import { inHeader } from '../../canonical/placement.ts'
import { withProfile } from '../../canonical/profile.ts'
import { resolveCredentials } from '../../credentials/resolve.ts'
import { type CryptoBackend, silent } from '../../crypto/backend.ts'
import { readBytes } from '../../lib/bytes.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { parseAmzDate } from '../../lib/time.ts'
import { fail } from '../../model/errors.ts'
import type { Refused } from '../../model/refusal.ts'
import type { AnyRequest, SigningCredentials } from '../../model/types.ts'
import type { ReceivedRequest, Verified, VerifyingCredentials } from '../../model/verify-types.ts'
import { signRequest } from '../../sign/sign.ts'
import { urlOnWire } from '../../verify/authority.ts'
import { checkOptions } from '../../verify/check-options.ts'
import { verifyRequest } from '../../verify/verify.ts'
import { hashOnce } from './hash-once.ts'
import type { ClientExplainOptions, ExplainedRequest, ServerExplainOptions } from './options.ts'
import { type Reading, readingOf } from './reading.ts'
import { asReceived, dateOfRequest, isSigned } from './request.ts'
import { readServerError, type ServerError } from './server-error.ts'
import { isServerSide } from './side.ts'

/** What a client knows beside its request. */
export interface Client {
  readonly key: SigningCredentials
  readonly answer?: ServerError | undefined
}

/** A request as it was received, and the options to verify it with, whichever side asks. */
interface Asked {
  readonly received: ReceivedRequest
  readonly options: ServerExplainOptions
  /** Hashes the body once. */
  readonly crypto: CryptoBackend
  readonly client?: Client
}

/** How much may be tried. */
export interface Bounds {
  /** Signatures in all. */
  readonly budget: number
  /** Whether the time is over. */
  readonly isOver: () => boolean
}

/** What is to be explained: all that the steps look at. */
export interface Case extends Asked {
  readonly bounds: Bounds
  /** As the caller has it, who may hold to `normal`. */
  readonly pathForm: ServerExplainOptions['pathForm']
  /** What verify says of it; where a server has answered, as of the time that the request states. */
  readonly verdict: Verified | Refused
  /** What verify says of it as of now. */
  readonly verdictNow: Verified | Refused
  /** Absent where the request cannot be read. */
  readonly reading?: Reading | undefined
}

/** Reads the case of either side; what a client has not signed yet is signed first. */
export function* caseOf(
  request: ExplainedRequest,
  given: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Case> {
  const began = Date.now()
  if (typeof given?.credentials === 'undefined')
    fail('invalid-credentials', 'credentials, or a lookup of them')
  const asked = isServerSide(request, given)
    ? askedByServer(request as ReceivedRequest, given, platform)
    : yield* askedByClient(request as AnyRequest, given as ClientExplainOptions, platform)
  const { received, client, crypto } = asked
  // A guard would count this look as the one time that the request may come; and a path that is
  // refused for its form may be signed well.
  const { pathForm = 'any' } = asked.options
  const today = { ...asked.options, pathForm, crypto, replayGuard: undefined }
  // A server that has answered has judged the request at its time, whatever the time now.
  const answered = client?.answer !== undefined
  const options = answered ? { ...today, now: dateOfRequest(received) } : today
  const verdict = yield* wait(verifyRequest(received, options, crypto))
  const late = answered && verdict.ok
  const verdictNow = late ? yield* wait(verifyRequest(received, today, crypto)) : verdict
  const reading = yield* readingOf(received, options, crypto)
  const { budget = 5000, maxTime = Number.POSITIVE_INFINITY } = given
  const bounds = { budget, isOver: () => Date.now() - began >= maxTime }
  return {
    ...asked,
    options,
    pathForm: asked.options.pathForm,
    bounds,
    verdict,
    verdictNow,
    reading,
  }
}

function askedByServer(
  request: ReceivedRequest,
  options: ServerExplainOptions,
  platform: CryptoBackend,
): Asked {
  checkOptions(options)
  const { method, headers = {}, body: given } = request ?? {}
  if (typeof request?.url !== 'string') fail('invalid-url', 'the request target as text')
  if (typeof headers !== 'object' || !headers)
    fail('invalid-header', 'header fields as Headers, pairs or a record')
  // What `sign` returned has not come over the wire yet.
  const url = 'trace' in request ? urlOnWire(request.url, headers) : request.url
  const body = readBytes(given)
  if (body === undefined && options.payload !== 'deferred') fail('invalid-body', 'text or bytes')
  const received = { method, url, headers, body }
  return { received, options, crypto: hashOnce(options.crypto ?? platform, body ?? '') }
}

function* askedByClient(
  request: AnyRequest,
  options: ClientExplainOptions,
  platform: CryptoBackend,
): Steps<Asked> {
  const { serverError, payload, crypto = platform, ...rest } = options
  const key = yield* wait(resolveCredentials(options, new Date(0)))
  const answer = serverError === undefined ? undefined : readServerError(serverError)
  const own = toSignLike(answer, key, options)
  const sent = isSigned(request)
    ? request
    : yield* wait(signRequest(request, own, silent(platform), inHeader))
  const { received, hash } = yield* asReceived(sent as AnyRequest, payload)
  return {
    received,
    options: {
      ...rest,
      payload: 'hash',
      unsignedPayload: 'accept',
      // The clock that counts is the server's, and its answer tells of it.
      maxClockSkew: Number.POSITIVE_INFINITY,
      credentials: (id) => (id === key.accessKeyId ? (key as VerifyingCredentials) : undefined),
    },
    crypto: hashOnce(crypto, received.body as string | Uint8Array, hash),
    client: { key, answer },
  }
}

/** The options to sign with as the request was that was answered: at its date, so that it is the same. */
function toSignLike(
  answer: ServerError | undefined,
  key: SigningCredentials,
  options: ClientExplainOptions,
): ReturnType<typeof withProfile<ClientExplainOptions>> {
  const [, date = ''] = answer?.stringToSign?.split('\n') ?? []
  return withProfile({
    ...options,
    signingDate: options.signingDate ?? parseAmzDate(date) ?? answer?.requestTime,
    // Credentials that have expired still sign, so that it can be said that they have.
    credentials: Object.create(key, { expiration: { value: undefined } }) as SigningCredentials,
    onSign: undefined,
  })
}
