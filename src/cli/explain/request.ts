import type { Explanation } from '../../explain/types.ts'
import type { PastedRequest } from '../../inputs/pasted.ts'
import { fieldOf } from '../../lib/fields.ts'
import { whenIs } from '../../lib/interval.ts'
import { isoSeconds } from '../../lib/time.ts'
import { visible } from '../../lib/visible.ts'
import { CountersignError } from '../../model/errors.ts'
import type { AnyRequest } from '../../model/types.ts'
import { explain } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import { claimOf, lifeOf } from '../life.ts'
import { type Call, dateOf } from '../options.ts'
import { scopeOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'
import { judged, onWire } from '../verbs/verify.ts'
import { needed, show } from './said.ts'

/** A secret that opens nothing, in place of one that is not at hand: what two texts tell needs none. */
export const NO_SECRET = '(no secret is at hand)'

/** How many signatures are tried of two texts: none can hold but those that a hash tells. */
export const FEW = 500

/** The request as a client has it, its body opaque where its hash alone is known. */
export const asSent = ({ payload, ...request }: PastedRequest): AnyRequest =>
  ({ ...request, ...(payload !== undefined && { body: {} }) }) as AnyRequest

/** What two canonical requests tell where no key is at hand; undefined where only a key could tell. */
async function explainWithoutKey(
  call: Call,
  world: World,
  request: PastedRequest,
  serverError: string,
): Promise<Explanation | undefined> {
  const claim = claimOf(request)
  if (!claim) return undefined
  const sessionToken = fieldOf(request.headers, 'x-amz-security-token')
  const why = await explain(asSent(request), {
    ...(await scopeOf(call, request, world)),
    credentials: {
      ...{ accessKeyId: claim.accessKeyId, secretAccessKey: NO_SECRET },
      ...(sessionToken !== undefined && { sessionToken }),
    },
    ...{ serverError, budget: FEW },
  })
  return why.certain && !why.matches && !/secret|signature|token/.test(why.cause ?? '')
    ? why
    : undefined
}

/** What a request states of its signature, where it cannot be proved. */
async function stateClaim(call: Call, world: World, request: PastedRequest): Promise<void> {
  const [claim, life] = [claimOf(request), lifeOf(request)]
  if (!claim || !life || call.values.json) return
  const { accessKeyId, scope, signedHeaders } = claim
  const end =
    life.endsAt &&
    `, ends at ${isoSeconds(life.endsAt)} (${whenIs(life.endsAt, dateOf(call, 'now') ?? new Date())})`
  await writeLine(
    world.stdout,
    visible(
      `Signed by ${accessKeyId} for ${scope.region ?? 'any region'} and ${scope.service}, at ${isoSeconds(life.signedAt)}${end ?? ''}; signed headers: ${signedHeaders.join(', ')}.`,
    ),
  )
}

const isWithoutKey = (error: unknown): boolean =>
  error instanceof CountersignError && /credentials/.test(error.code)

/** Explains a request: as its sender with the answer of its server, or as who has received it. */
export async function explainRequest(
  call: Call,
  world: World,
  request: PastedRequest,
  serverError = '',
): Promise<number> {
  const answered = serverError.trim() !== ''
  try {
    if (!answered) {
      const [received, rules] = await judged(call, world, onWire(request))
      return show(call, world, await explain(received, rules), 'server')
    }
    const scope = await scopeOf(call, request, world)
    const credentials = await credentialsOf(call, world)
    const options = { ...scope, credentials, serverError }
    return show(call, world, await explain(asSent(request), options), 'client')
  } catch (error) {
    if (!isWithoutKey(error)) throw error
    const why = answered ? await explainWithoutKey(call, world, request, serverError) : undefined
    if (why) return show(call, world, why, 'client')
    await stateClaim(call, world, request)
    await needed(
      world,
      answered
        ? 'What the answer says does not tell the cause: give the key, by --profile or --credentials.'
        : "Whether the signature holds is not known: give the key, by --profile or --credentials, or the server's answer, with --error FILE.",
    )
    throw error
  }
}
