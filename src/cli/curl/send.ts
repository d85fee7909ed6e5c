import { createReadStream, createWriteStream } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { lastOf } from '../../inputs/curl-options.ts'
import { fieldsOf, formatField } from '../../lib/fields.ts'
import type { SignedRequest } from '../../model/types.ts'
import { SendError, UsageError } from '../options.ts'
import { type World, writeLine } from '../streams.ts'
import { isPiped, sizeOf } from './body.ts'
import type { CurlCall } from './call.ts'

/** The options of curl that are understood where curl is not installed. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['url', 'request', 'header', 'head', 'get', 'json', 'data', 'data-ascii', 'data-raw'],
  ...['data-binary', 'data-urlencode', 'user-agent', 'referer', 'upload-file', 'output', 'fail'],
  ...['include', 'globoff', 'path-as-is', 'progress-bar', 'silent', 'show-error', 'S'],
])

/** Whether an option of curl is given. */
const has = ({ options }: CurlCall, wanted: string): boolean =>
  lastOf(options, wanted) !== undefined

/** Counts what passes, and says so on a terminal, or with `-#`. */
function meter(call: CurlCall, { stderr }: World, title: string, length: number | undefined) {
  const shown = !has(call, 'silent') && (has(call, 'progress-bar') || stderr.isTTY === true)
  const mib = (bytes: number) => `${(bytes / 1048576).toFixed(1)} MiB`
  let passed = 0
  let said = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      passed += chunk.length
      if (shown && passed - said >= 1048576) {
        said = passed
        stderr.write(`\r${title} ${mib(passed)}${length ? ` of ${mib(length)}` : ''}`)
      }
      next(null, chunk)
    },
    flush(done) {
      if (said > 0) stderr.write(`\r${title} ${mib(passed)}, done\n`)
      done()
    },
  })
}

/** Sends a signed request as it is spelled. */
async function send(
  { method, url, headers }: SignedRequest<unknown>,
  body: Readable | Uint8Array | string | undefined,
  up: Transform,
): Promise<IncomingMessage> {
  const [, scheme, authority = '', target] = /^(https?):\/\/([^/?]+)(.*)/s.exec(url) ?? []
  const { hostname, port } = new URL(`${scheme}://${authority}`)
  const start = scheme === 'https' ? httpsRequest : httpRequest
  const path = target?.startsWith('/') ? target : `/${target ?? ''}`
  const outgoing = start({
    method,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path,
    headers: { host: authority, ...headers },
  })
  let unread: Error | undefined
  const fault = (error: NodeJS.ErrnoException) =>
    unread ?? new SendError(`The request could not be sent: ${error.code ?? error.message}.`)
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', (error) => reject(fault(error)))
  })
  if (!(body instanceof Readable)) outgoing.end(body)
  else {
    body.once('error', (error) => {
      unread = error
    })
    const sent = pipeline(body, up, outgoing).catch((error) => Promise.reject(fault(error)))
    await Promise.race([sent, answered])
  }
  return answered
}

/** Sends a signed request where no curl is installed, and streams the answer. */
export async function sendWithoutCurl(
  call: CurlCall,
  world: World,
  signed: SignedRequest<unknown>,
  upload: string | undefined,
): Promise<number> {
  for (const { name, words } of call.options)
    if (!UNDERSTOOD.has(name))
      throw new UsageError(`${words[0]} is curl's, and curl is not installed.`)
  await writeLine(world.stderr, 'countersign: curl is not installed; countersign sends it itself.')
  const file = upload === undefined || isPiped(upload) ? undefined : upload
  const given = signed.body as Uint8Array | string | null | undefined
  const piped = upload !== undefined && given == null ? world.stdin : (given ?? undefined)
  const body = file === undefined ? piped : createReadStream(file)
  const length =
    file !== undefined
      ? await sizeOf(file)
      : body === undefined || body instanceof Readable
        ? undefined
        : Buffer.byteLength(body)
  const sized = length === undefined ? {} : { 'content-length': `${length}` }
  const whole = { ...signed, headers: { ...signed.headers, ...sized } }
  return receive(call, world, await send(whole, body, meter(call, world, 'sent', length)))
}

/** Streams an answer to where the call wants it. */
async function receive(call: CurlCall, world: World, answer: IncomingMessage): Promise<number> {
  const { statusCode = 0, statusMessage = '', headers, rawHeaders } = answer
  const failed = statusCode >= 400
  if (failed && has(call, 'fail')) {
    answer.resume()
    await writeLine(world.stderr, `The server answered ${statusCode} ${statusMessage}.`)
    return 22
  }
  if (has(call, 'include') || has(call, 'head')) {
    await writeLine(world.stdout, `HTTP/1.1 ${statusCode} ${statusMessage}`)
    for (const field of fieldsOf(rawHeaders)) await writeLine(world.stdout, formatField(field))
    await writeLine(world.stdout, '\n')
  }
  const output = lastOf(call.options, 'output')
  const total = Number(headers['content-length']) || undefined
  const down = meter(call, world, 'received', total)
  try {
    if (output === undefined) await pipeline(answer, down, world.stdout, { end: false })
    else await pipeline(answer, down, createWriteStream(output))
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)
      ? new SendError('The answer broke off before its end.')
      : error
  }
  return 0
}
