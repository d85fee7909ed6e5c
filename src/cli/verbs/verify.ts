import { redactTrace } from '../../canonical/redact.ts'
import type { PastedRequest } from '../../inputs/pasted.ts'
import { fieldOf } from '../../lib/fields.ts'
import { parseAmzDate } from '../../lib/time.ts'
import { visible } from '../../lib/visible.ts'
import type { Refused } from '../../model/refusal.ts'
import type { Verified, VerifyOptions } from '../../model/verify-types.ts'
import { verify } from '../../verbs/async.ts'
import { urlOnWire } from '../../verify/authority.ts'
import { credentialsOf } from '../credentials.ts'
import { type Call, signingDateOf } from '../options.ts'
import { requestOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

/** The clock that judges: the option's, or the request's own, as what is pasted is seldom fresh. */
function nowOf(call: Call, { url, headers }: PastedRequest): Date | undefined {
  const given = signingDateOf(call)
  if (given) return given
  const date = fieldOf(headers, 'x-amz-date') ?? /[?&]X-Amz-Date=(\w+)/.exec(url)?.[1]
  return parseAmzDate(date ?? '')
}

/** A pasted request as a server receives it: asked of the host that a header names, wherever it was sent. */
export const onWire = (request: PastedRequest): PastedRequest => ({
  ...request,
  url: urlOnWire(request.url, request.headers),
})

/** The options of a verdict on a pasted request. */
export async function judgeOf(
  call: Call,
  world: World,
  request: PastedRequest,
): Promise<VerifyOptions> {
  const credentials = await credentialsOf(call, world)
  return {
    service: call.text('service') ?? ('any' as const),
    region: call.text('region'),
    credentials: (id: string) => (id === credentials.accessKeyId ? credentials : undefined),
    unsignedPayload: 'accept' as const,
    // Nothing is routed: whether the signature holds is all that is asked.
    pathForm: 'any' as const,
    now: nowOf(call, request),
  }
}

/** A verdict without session tokens. */
const shown = (result: Verified | Refused) =>
  result.trace ? { ...result, trace: redactTrace(result.trace) } : result

/** `countersign verify`: whether the signature of a pasted request holds. */
export async function verifyVerb(call: Call, world: World): Promise<number> {
  const request = await requestOf(call, world)
  const result = await verify(onWire(request), await judgeOf(call, world, request))
  if (call.values.json) await writeLine(world.stdout, JSON.stringify(shown(result), null, 2))
  else if (result.ok)
    await writeLine(
      world.stdout,
      `The signature holds: ${result.accessKeyId}, ${visible(result.trace.credentialScope)}, body ${result.payload}.`,
    )
  else await writeLine(world.stdout, `Refused (${result.reason}): ${result.message}`)
  return result.ok ? 0 : 1
}
