import { buffer } from 'node:stream/consumers'
import { type BodyFault, isBodyFault } from '../model/body-fault.ts'
import { CountersignError } from '../model/errors.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import { readBody } from '../s3/read-body.ts'
import { createVerifier } from '../verbs/async.ts'
import { readRequest } from '../verify/read.ts'
import type { Call } from './answers.ts'
import { askedOf, isS3, KEYLESS, UNSIGNED_BODIES } from './protocols/asked.ts'
import { checksums } from './s3/checksums.ts'
import { readPostForm } from './s3/form.ts'
import { placeOf } from './s3/store.ts'
import type { Verdict } from './server-types.ts'

/** A request as it came. */
export interface Arrival {
  readonly request: ReceivedRequest & { readonly body: Uint8Array }
  /** False where its sender broke off in the middle of the body. */
  readonly isWhole: boolean
  /** By the server's clock. */
  readonly time: Date
}

/** A request as far as it could be read, and what became of it. */
export interface Judged extends Omit<Call, 'url' | 'keys'>, Pick<Verdict, 'result'> {
  /** The fault of its body, in whose words it is refused. */
  readonly bodyFault?: BodyFault
}

/** How a server judges: as `verify`, of any service. */
export type Rules = Omit<VerifyOptions, 'now' | 'payload'>

const LIMITS = { chunkSizes: 's3', maxChunkSize: Number.POSITIVE_INFINITY } as const

/** The body of a verified request as S3 takes it, without the frames of chunks: each is as it is stated. */
async function plainBody(
  { request: { body, headers }, isWhole }: Arrival,
  verified: Verified,
  { algorithm }: Rules,
): Promise<Uint8Array> {
  if (!isWhole)
    throw new CountersignError(
      'length-mismatch',
      'you did not provide the number of bytes specified by the Content-Length HTTP header.',
    )
  // An event stream has frames of another kind, and is read while it comes.
  if (/-EVENTS$/.test(verified.trace.canonicalRequest)) return body
  return buffer(readBody(body, verified, { headers, checksums, algorithm, ...LIMITS }))
}

/** A verdict of a body that does not hold: of what was signed, or of what was said of it. */
function faulty(bodyFault: unknown): Pick<Judged, 'result' | 'bodyFault'> {
  if (!isBodyFault(bodyFault)) throw bodyFault
  const { code } = bodyFault
  const result = /^(chunk|trailer)-mismatch$/.test(code)
    ? refuse('signature-mismatch', 'A chunk or the trailer is not the one that was signed.')
    : refuse('payload-mismatch', `The body does not hold: ${code}.`)
  return { result, bodyFault }
}

/** Makes what judges the requests of a server: their signatures, their bodies, their forms. */
export function createJudge(rules: Rules): (arrival: Arrival) => Promise<Judged> {
  const verifier = createVerifier(rules)
  const services = [rules.service].flat()

  /** Judges a form, whose signature is in its fields. */
  async function judgeForm({ body, headers, path, time }: Judged): Promise<Partial<Judged>> {
    const { service: _, ...others } = rules
    const options = { ...others, ...placeOf(path, headers.host), now: time }
    const read = await readPostForm(body, headers['content-type'] ?? '', options)
    if ('ok' in read) return { result: read }
    const { fields: form, contentLengthRange: __, credentials, ...post } = read.post
    const result = { ...post, payload: 'unsigned' } as const
    Object.defineProperty(result, 'credentials', { value: credentials })
    return { result, body: read.file, form }
  }

  /** What else is to be said of a request than what `verify` says. */
  async function judgeMore(
    arrival: Arrival,
    judged: Judged,
    result: Verified | Refused,
  ): Promise<Partial<Judged>> {
    const { service, operation, headers } = judged
    if (result.ok) return plainBody(arrival, result, rules).then((body) => ({ body }), faulty)
    if (result.reason !== 'missing-authentication' || !arrival.isWhole) return {}
    const isOurs = services.includes('any') || services.includes(service)
    if (isOurs && KEYLESS.test(`${service} ${operation}`))
      return { result: { ok: true, payload: 'unsigned' } }
    const isForm = /^multipart\/form-data\b/i.test(headers['content-type'] ?? '')
    return isForm && isS3(service) && operation === 'PostObject' ? judgeForm(judged) : {}
  }

  return async (arrival) => {
    const { request, isWhole, time } = arrival
    const { received, statement } = readRequest(request, rules)
    const asked = askedOf(received, statement?.claim, rules.service)
    const { method = 'GET', path = '/', query = '', fields = {} } = received ?? {}
    const takesUnsigned = UNSIGNED_BODIES.test(`${asked.service} ${method} ${path}`)
    const result = await verifier.verify(request, {
      ...{ now: time, payload: isWhole ? 'hash' : 'deferred' },
      ...(takesUnsigned && !rules.unsignedPayload && { unsignedPayload: 'accept' }),
    })
    const verified = result.ok ? result : undefined
    // A presigned query has the signature's parameters beside those of the call.
    const own = query.split('&').filter((part) => !/^X-Amz-/i.test(part))
    const judged: Judged = {
      ...{ ...asked, result, method, time, body: request.body, form: undefined, headers: fields },
      path: verified?.path ?? path,
      query: new URLSearchParams(own.join('&')),
      accessKeyId: verified?.accessKeyId,
      region: verified?.scope.region ?? 'us-east-1',
    }
    return { ...judged, ...(await judgeMore(arrival, judged, result)) }
  }
}
