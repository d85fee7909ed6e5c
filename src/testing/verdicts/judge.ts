import { type BodyFault, isBodyFault } from '../../model/body-fault.ts'
import type { ReceivedRequest, VerifyOptions } from '../../model/verify-types.ts'
import { createVerifier } from '../../verbs/async.ts'
import { readRequest } from '../../verify/read.ts'
import type { Received } from '../../verify/received.ts'
import { cutShort } from '../connection/bodies.ts'
import { type Asked, askedOf, isKeyless, isS3, takesUnsignedBody } from '../protocols/asked.ts'
import { type PostedForm, readPostForm } from '../s3/form.ts'
import { placeOf } from '../s3/operations.ts'
import type { Admitted, Verdict } from '../server-types.ts'
import { plainBody, refusedBody } from './plain-body.ts'

/** A request as it came. */
export interface Arrival {
  readonly request: ReceivedRequest & { readonly body: Uint8Array }
  /** False where its sender broke off in the middle of the body. */
  readonly isWhole: boolean
  /** By the server's clock. */
  readonly time: Date
}

/** What became of a request, and of its body. */
export interface Judged extends Pick<Verdict, 'result'> {
  readonly asked: Asked
  /** Undefined where it could not be read. */
  readonly received: Received | undefined
  /** The fault of a body, in whose words it is refused. */
  readonly bodyFault?: BodyFault
  /** The body without its frames. */
  readonly body: Uint8Array
  /** The form that was posted. */
  readonly form?: PostedForm
}

/** How a server judges: as `verify`, of any service. */
export type Rules = Omit<VerifyOptions, 'now' | 'payload'>

/** Who posted a form, and when. */
function admittedBy({ post }: PostedForm): Admitted {
  const { accessKeyId, credentials, scope, signedAt, expiresAt } = post
  const admitted = { ok: true, payload: 'unsigned', accessKeyId, scope, signedAt, expiresAt }
  return Object.defineProperty(admitted, 'credentials', { value: credentials }) as Admitted
}

/** Makes what judges the requests of a server: their signatures, their bodies, their forms. */
export function createJudge(rules: Rules): (arrival: Arrival) => Promise<Judged> {
  const verifier = createVerifier(rules)
  const services = [rules.service].flat()

  /** Judges a form, whose signature is in its fields; undefined where a request is none. */
  async function judgeForm({ request, isWhole, time }: Arrival, { asked, received }: Judged) {
    const { fields, path } = received as Received
    const type = fields['content-type'] ?? ''
    const isForm = isS3(asked.service) && /^multipart\/form-data\b/i.test(type)
    if (!isForm || !isWhole || asked.operation !== 'PostObject') return undefined
    const [bucket] = placeOf(path, fields.host)
    const { service: _, ...others } = rules
    const form = await readPostForm(request.body, type, { ...others, bucket, now: time })
    return 'ok' in form ? { result: form } : { result: admittedBy(form), form }
  }

  return async (arrival) => {
    const { request, isWhole, time } = arrival
    const { received, statement } = readRequest(request, rules)
    const asked = askedOf(received, statement?.claim, rules.service)
    const takesUnsigned = received && takesUnsignedBody(asked.service, received)
    const verified = await verifier.verify(request, {
      ...{ now: time, payload: isWhole ? 'hash' : 'deferred' },
      ...(takesUnsigned && !rules.unsignedPayload && { unsignedPayload: 'accept' }),
    })
    const judged: Judged = { asked, received, body: request.body, result: verified }
    if (!verified.ok) {
      if (verified.reason !== 'missing-authentication' || !received) return judged
      const isOurs = services.includes('any') || services.includes(asked.service)
      if (isOurs && isWhole && isKeyless(asked))
        return { ...judged, result: { ok: true, payload: 'unsigned' } }
      return { ...judged, ...(await judgeForm(arrival, judged)) }
    }
    const body = isWhole ? await plainBody(request, verified, rules) : cutShort()
    return isBodyFault(body)
      ? { ...judged, result: refusedBody(body), bodyFault: body }
      : { ...judged, body }
  }
}
