import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable, Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fieldsOf, formatField } from '../../lib/fields.ts'
import type { SignedRequest } from '../../model/types.ts'
import { sign } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import { type Call, SendError, UsageError } from '../options.ts'
import { requestOf, scopeOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

/** A body on its way: its hash is known before a byte is sent. */
interface Upload {
  readonly stream: Readable
  readonly length: number
  readonly hash: string
}

/** A file is read twice, first to hash it, and never held. */
async function openUpload(name: string): Promise<Upload> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(name), hash)
  const { size } = await stat(name)
  return { stream: createReadStream(name), length: size, hash: hash.digest('hex') }
}

/** Counts what passes, and says so on a terminal, or where the call asks for it. */
function meter(call: Call, { stderr }: World, title: string, length: number | undefined) {
  const shown = call.values.progress ?? stderr.isTTY ?? false
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

/** `countersign curl`: signs a request, sends it, and streams the answer. */
export async function curlVerb(call: Call, world: World): Promise<number> {
  const file = call.text('upload-file')
  if (file && call.text('data') !== undefined)
    throw new UsageError('Either --data or --upload-file is the body, not both.')
  const request = await requestOf(call, world)
  const upload = file && file !== '-' ? await openUpload(file) : undefined
  const bytes = file === '-' ? await buffer(world.stdin) : request.body
  const method = call.text('request') ?? (file ? 'PUT' : request.method)
  const length = upload?.length ?? (bytes === undefined ? undefined : Buffer.byteLength(bytes))
  const scope = await scopeOf(call, request.url, world)
  const signed = await sign(
    {
      ...request,
      method,
      body: upload ? null : (bytes ?? null),
      headers: [
        ...request.headers,
        ...(length === undefined ? [] : [['content-length', `${length}`] as const]),
      ],
    },
    {
      ...scope,
      credentials: await credentialsOf(call, world),
      ...(upload && { payload: upload.hash }),
    },
  )
  const up = meter(call, world, 'sent', length)
  const answer = await send(signed, upload?.stream ?? bytes, up)
  return receive(call, world, answer)
}

/** Streams an answer to where the call wants it. */
async function receive(call: Call, world: World, answer: IncomingMessage): Promise<number> {
  const { statusCode = 0, statusMessage = '', headers, rawHeaders } = answer
  const failed = statusCode >= 400
  if (failed && call.values.fail) {
    answer.resume()
    await writeLine(world.stderr, `The server answered ${statusCode} ${statusMessage}.`)
    return 22
  }
  if (call.values.include) {
    await writeLine(world.stdout, `HTTP/1.1 ${statusCode} ${statusMessage}`)
    for (const field of fieldsOf(rawHeaders)) await writeLine(world.stdout, formatField(field))
    await writeLine(world.stdout, '\n')
  }
  const output = call.text('output')
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
