import { redactTrace } from '../../canonical/redact.ts'
import type { PastedRequest } from '../../inputs/pasted.ts'
import { fieldOf } from '../../lib/fields.ts'
import { whenIs } from '../../lib/interval.ts'
import { isoSeconds } from '../../lib/time.ts'
import { visible } from '../../lib/visible.ts'
import type { Refused } from '../../model/refusal.ts'
import type { Credentials } from '../../model/types.ts'
import type { Verified, VerifyOptions } from '../../model/verify-types.ts'
import { verify } from '../../verbs/async.ts'
import { urlOnWire } from '../../verify/authority.ts'
import { credentialsOf } from '../credentials.ts'
import { lifeOf } from '../life.ts'
import { type Call, dateOf } from '../options.ts'
import { requestOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

/** A pasted request as a server receives it: asked of the host that a header names, wherever it was sent. */
export const onWire = (request: PastedRequest): PastedRequest => ({
  ...request,
  url: urlOnWire(request.url, request.headers),
})

/**
 * When a request is judged where `--now` does not say it: a presigned URL now, and what is signed in its
 * header as of its own time, as what is pasted is seldom fresh.
 */
function clockOf(request: PastedRequest): Date | undefined {
  const life = lifeOf(request)
  return life?.endsAt ? undefined : life?.signedAt
}

/** The options of a verdict on a pasted request. */
export async function judgeOf(
  call: Call,
  world: World,
  request: PastedRequest,
  key?: Credentials,
): Promise<VerifyOptions> {
  const credentials = key ?? (await credentialsOf(call, world))
  return {
    service: call.text('service') ?? ('any' as const),
    region: call.text('region'),
    credentials: (id: string) => (id === credentials.accessKeyId ? credentials : undefined),
    unsignedPayload: 'accept' as const,
    // Nothing is routed: whether the signature holds is all that is asked.
    pathForm: 'any' as const,
    now: dateOf(call, 'now') ?? clockOf(request),
  }
}

/** Of a request whose body's hash alone is at hand, which need not be signed as a header too. */
export const BY_HASH = {
  payload: 'deferred',
  toleratedUnsignedHeaders: ['x-amz-content-sha256'],
} as const

/**
 * A pasted request with the options of a verdict on it; of a body that is not shown, the hash that was
 * signed is taken for it.
 */
export async function judged(
  call: Call,
  world: World,
  request: PastedRequest,
  key?: Credentials,
): Promise<readonly [request: PastedRequest, options: VerifyOptions]> {
  const options = await judgeOf(call, world, request, key)
  const { payload, headers } = request
  if (payload === undefined) return [request, options]
  const own = fieldOf(headers, 'x-amz-content-sha256') !== undefined
  return [
    own ? request : { ...request, headers: [...headers, ['x-amz-content-sha256', payload]] },
    { ...options, ...BY_HASH },
  ]
}

/** A verdict without session tokens. */
const shown = (result: Verified | Refused) =>
  result.trace ? { ...result, trace: redactTrace(result.trace) } : result

/** An accepted request, and until when it is accepted. */
function acceptedLine(
  { accessKeyId, trace, payload, expiresAt }: Verified,
  request: PastedRequest,
  now: Date,
): string {
  // A log has the hash of a body, and not the body.
  const body = request.payload === undefined ? payload : 'not shown'
  const until = `${isoSeconds(expiresAt)} (${whenIs(expiresAt, now)})`
  return `The signature holds: ${accessKeyId}, ${visible(trace.credentialScope)}, body ${body}, until ${until}.`
}

/** A refused request, and where its time is over, how long ago that was. */
function refusedLine({ reason, message, times }: Refused, request: PastedRequest): string {
  const { signedAt, endsAt } = lifeOf(request) ?? {}
  if (reason !== 'expired' || !times || !signedAt || !endsAt)
    return `Refused (${reason}): ${message}`
  const since = `expired ${whenIs(endsAt, times.server)}, at ${isoSeconds(endsAt)}`
  return `Refused (expired): the URL ${since}; --now ${isoSeconds(signedAt)} judges it as of when it was made.`
}

/** `countersign verify`: whether the signature of a pasted request holds. */
export async function verifyVerb(call: Call, world: World): Promise<number> {
  const [request, rules] = await judged(call, world, onWire(await requestOf(call, world)))
  const result = await verify(request, rules)
  const line = () =>
    result.ok
      ? acceptedLine(result, request, dateOf(call, 'now') ?? new Date())
      : refusedLine(result, request)
  await writeLine(world.stdout, call.values.json ? JSON.stringify(shown(result), null, 2) : line())
  return result.ok ? 0 : 1
}
