import { readFile } from 'node:fs/promises'
import type { CurlRequest } from '../../inputs/curl-line.ts'
import { lastOf } from '../../inputs/curl-options.ts'
import type { AnyRequest, SignedRequest, SignOptions } from '../../model/types.ts'
import { explain, sign } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import { isPiped, outgoingOf, payloadOf } from '../curl/body.ts'
import { type CurlCall, readCurlCall } from '../curl/call.ts'
import { type Ended, installedCurl, runCurl } from '../curl/run.ts'
import { sendWithoutCurl } from '../curl/send.ts'
import { explanationSaid } from '../explain/said.ts'
import { UsageError } from '../options.ts'
import { scopeOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

/** Fields that curl makes of its own words, and may make otherwise: none of them is signed. */
const UNSIGNED: ReadonlySet<string> = new Set(['cookie', 'user-agent', 'referer'])

/** A request, and the names of the fields that curl sends by itself. */
interface Signing {
  readonly request: CurlRequest
  readonly signed: SignedRequest<unknown>
  readonly options: SignOptions
}

/** What signing adds, beside what curl sends by its own words. */
function addedOf({ request, signed }: Signing): [name: string, value: string][] {
  const own = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
  return Object.entries(signed.headers).filter(([name, value]) => {
    const given = own.get(name.toLowerCase())
    if (given !== undefined && /^(authorization|x-amz-(date|security-token))$/i.test(name))
      throw new UsageError(`-H ${name} is refused: signing adds it.`)
    return given === undefined && value !== undefined
  })
}

/** Why a request was not let in, by the answer: on standard error, as the answer itself is curl's. */
async function explainRefusal(
  call: CurlCall,
  world: World,
  { signed, options }: Signing,
  { printed }: Ended,
): Promise<void> {
  const output = lastOf(call.options, 'output')
  const serverError = output === undefined ? printed : await readFile(output, 'utf8')
  const answer = serverError.trim() ? { serverError } : {}
  const why = await explain(signed as AnyRequest, { ...options, ...answer })
  await writeLine(world.stderr, explanationSaid(why, 'client')[1])
}

/** How services refuse a signature: most by 403, S3 a wrong region or token by 400. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 401, 403])

/** `countersign curl`: signs what curl's own words say, and has the installed curl send it. */
export async function curlVerb(words: readonly string[], world: World): Promise<number> {
  const call = readCurlCall(words)
  const { request: read, piped } = await outgoingOf(call, world)
  const request = {
    ...read,
    headers: read.headers.filter(([name]) => !UNSIGNED.has(name.toLowerCase())),
  }
  const payload = await payloadOf(call, request)
  const scope = await scopeOf(call, request, world)
  const credentials = await credentialsOf(call, world)
  const options = { ...scope, credentials, ...(payload && { payload }) }
  const signed = await sign({ ...request, body: request.body ?? null }, options)
  const signing: Signing = { request, signed, options }
  const curl = installedCurl(world.env)
  if (!curl) return sendWithoutCurl(call, world, signed, request.upload)

  const streamed = isPiped(request.upload ?? '') && !piped
  // What is piped is at hand, and S3 wants its length rather than chunks.
  const whole: [string, string][] =
    request.upload && piped
      ? [
          ['Transfer-Encoding', ''],
          ['Content-Length', `${piped.length}`],
        ]
      : []
  const ended = await runCurl(
    curl,
    {
      options: call.options,
      url: signed.url,
      asQuery: lastOf(call.options, 'get') !== undefined,
      headers: [...addedOf(signing), ...whole],
      stdin: streamed ? 'inherit' : piped,
      kept: call.values.explain === true,
    },
    world,
  )
  if (call.values.explain && REFUSALS.has(ended.status))
    await explainRefusal(call, world, signing, ended)
  else if (ended.status === 403 && lastOf(call.options, 'silent') === undefined)
    await writeLine(
      world.stderr,
      'countersign: the server answered 403; with --explain it is said why.',
    )
  return ended.code
}
