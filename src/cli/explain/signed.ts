import { canonicalDifferences } from '../../explain/case/differences.ts'
import { isSigned } from '../../explain/case/request.ts'
import { requestOfTexts } from '../../explain/case/request-of-answer.ts'
import type { PastedRequest, SignedTexts } from '../../inputs/pasted.ts'
import { parseAmzDate } from '../../lib/time.ts'
import { elements } from '../../lib/xml.ts'
import { CountersignError } from '../../model/errors.ts'
import type { Credentials, PayloadHash } from '../../model/types.ts'
import { explain, sign } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import type { Call } from '../options.ts'
import { type World, writeLine } from '../streams.ts'
import { judged, onWire } from '../verbs/verify.ts'
import { asSent, FEW, NO_SECRET } from './request.ts'
import { needed, show } from './said.ts'

/** In place of a signature that was not pasted. */
const NO_SIGNATURE = '0'.repeat(64)

/** The texts of a signature, and the lines of a log that they stand behind. */
const LINES = [
  ['canonicalRequest', 'CanonicalRequest:'],
  ['stringToSign', 'StringToSign:'],
  ['signature', 'Signature:'],
] as const

/** The key at hand, or one that opens nothing: what two texts tell needs none. */
async function anyKey(call: Call, world: World): Promise<Credentials> {
  try {
    return await credentialsOf(call, world)
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error
    return { accessKeyId: 'AKIDUNKNOWN', secretAccessKey: NO_SECRET }
  }
}

/** The request that a client's lines speak of, without a header that it has not signed. */
function requestOf(signed: SignedTexts, accessKeyId: string): PastedRequest | undefined {
  const request = requestOfTexts({ ...signed, accessKeyId })
  const own = signed.canonicalRequest?.includes('\nx-amz-content-sha256:')
  return request && own
    ? request
    : request && {
        ...request,
        headers: request.headers.filter(([name]) => name !== 'x-amz-content-sha256'),
      }
}

/** Date, region and service of a string to sign. */
function scopeOf({ stringToSign = '' }: SignedTexts) {
  const [, date = '', scope = ''] = stringToSign.split('\n')
  const [, region = '', service = ''] = scope.split('/')
  return { signingDate: parseAmzDate(date), region, service }
}

/** The canonical request of a request: as it was signed, or signed as the lines are, with what they alone tell. */
async function canonicalRequestOf(
  call: Call,
  world: World,
  request: PastedRequest,
  lines: PastedRequest,
  { signed, credentials }: { readonly signed: SignedTexts; readonly credentials: Credentials },
): Promise<string | undefined> {
  if (isSigned(request)) {
    const [received, rules] = await judged(call, world, onWire(request), credentials)
    return (await explain(received, rules)).ours?.canonicalRequest
  }
  const named = new Set([...request.headers.map(([name]) => name.toLowerCase()), 'host'])
  const { body } = request
  // What signing makes by itself; the hash of the lines is that of a body that is not told.
  const made = ['authorization', 'x-amz-date', 'x-amz-security-token']
  if (body !== undefined) made.push('x-amz-content-sha256')
  const beside = lines.headers.filter(([name]) => !named.has(name) && !made.includes(name))
  const { trace } = await sign(
    { ...request, headers: [...request.headers, ...beside], body: body ?? null },
    {
      ...scopeOf(signed),
      credentials,
      ...(body === undefined && { payload: lines.payload as PayloadHash }),
    },
  )
  return trace.canonicalRequest
}

/** Compares what a client says that it has signed with a request: the line that is another. */
export async function compareSigned(
  call: Call,
  world: World,
  signed: SignedTexts,
  request: PastedRequest,
): Promise<number> {
  const key = await anyKey(call, world)
  const lines = requestOf({ signature: NO_SIGNATURE, ...signed }, key.accessKeyId)
  if (!lines || signed.canonicalRequest === undefined) return tellMissing(world, signed)
  const sessionToken = lines.headers.find(([name]) => name === 'x-amz-security-token')?.[1]
  const credentials = sessionToken === undefined ? key : { ...key, sessionToken }
  const own = await canonicalRequestOf(call, world, request, lines, { signed, credentials })
  if (own === undefined) return tellMissing(world, signed)
  if (canonicalDifferences(signed.canonicalRequest, own).length === 0) {
    await writeLine(world.stdout, 'The client has signed this request, line by line.')
    await needed(
      world,
      "What differs is the key, or what the server reads: give the server's answer with --error FILE, and the log with --input FILE.",
    )
    return 0
  }
  const { stringToSign } = signed
  const serverError = elements({
    Error: { Code: 'SignatureDoesNotMatch', CanonicalRequest: own, StringToSign: stringToSign },
  })
  const { signingDate, ...scope } = scopeOf(signed)
  const payload = lines.payload as PayloadHash
  const options = { ...scope, credentials, payload, serverError, budget: FEW }
  return show(call, world, await explain(asSent(lines), options), 'client')
}

/** Says which lines are missing. */
async function tellMissing(world: World, signed: SignedTexts): Promise<number> {
  const missing = LINES.filter(([name]) => signed[name] === undefined).map(([, line]) => line)
  await needed(
    world,
    `${missing.join(' and ') || 'A signature of version 4'} is missing: paste all that the log has from CanonicalRequest: on.`,
  )
  return 1
}

/** Explains what a client says that it has signed, by the key at hand and the server's answer. */
export async function explainSigned(
  call: Call,
  world: World,
  signed: SignedTexts,
  serverError = '',
): Promise<number> {
  if (!signed.canonicalRequest || !signed.stringToSign || !signed.signature)
    return tellMissing(world, signed)
  const credentials = await credentialsOf(call, world)
  const request = requestOf(signed, credentials.accessKeyId)
  if (!request) return tellMissing(world, signed)
  if (serverError.trim()) {
    const { signingDate, ...scope } = scopeOf(signed)
    const payload = request.payload as PayloadHash
    const options = { ...scope, credentials, payload, serverError }
    return show(call, world, await explain(asSent(request), options), 'client')
  }
  const [received, rules] = await judged(call, world, onWire(request), credentials)
  const why = await explain(received, rules)
  const code = await show(call, world, why, 'server')
  if (why.matches)
    await needed(
      world,
      'The lines and the key agree. What the server reads is another: give its answer with --error FILE, or name the URL that was asked, with -X and -H, to see which line differs.',
    )
  return code
}
