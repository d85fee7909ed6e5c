/**
 * An S3 that keeps its objects as files: PUT, GET, HEAD and DELETE, for any client of S3 whose buckets
 * stand in the path (`forcePathStyle: true`), in whichever way it sends a body. What came in headers
 * beside it (`content-type`, `x-amz-meta-…`) is not kept, and keys are as distinct as names of files.
 *
 *   npx tsx examples/s3-server.ts DIRECTORY [PORT]
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, type Stats } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import {
  type AwsErrorResponse,
  awsError,
  createVerifier,
  type Verified,
  type VerifyOptions,
} from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { isBodyFault, readBody } from 'countersign/s3'
import send from 'send'
import { keys } from './keys.ts'

export interface S3ServerOptions extends Pick<VerifyOptions, 'credentials' | 'region'> {
  /** Where the objects lie; it is made where there is none. */
  directory: string
  /** The names that clients reach it by, with the port: `bucket.localhost` would mix up the buckets. */
  hosts: readonly string[]
  /** The most bytes of an object. Default: 5 GiB, the most that S3 takes at once. */
  maxLength?: number
}

/** A request that is let in, and its answer. */
interface Call {
  request: IncomingMessage
  response: ServerResponse
  verified: Verified
}

const s3Error = (status: number, code: string, message: string): AwsErrorResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
})

const notImplemented = s3Error(501, 'NotImplemented', 'Only whole objects are taken here.')
const internalError = s3Error(500, 'InternalError', 'Something went wrong here. Please try again.')

/** By the code that Node gives a fault, or the status that `send` does. */
const FILE_ERRORS: Readonly<Record<string, AwsErrorResponse>> = {
  404: s3Error(404, 'NoSuchKey', 'The specified key does not exist.'),
  412: s3Error(412, 'PreconditionFailed', 'A precondition that you stated does not hold.'),
  416: s3Error(416, 'InvalidRange', 'The requested range is not satisfiable.'),
  ENAMETOOLONG: s3Error(400, 'KeyTooLongError', 'Your key is too long.'),
}

function errorOf(fault: unknown): AwsErrorResponse {
  if (isBodyFault(fault)) return awsError(fault, 's3') // BadDigest, IncompleteBody, EntityTooLarge …
  const { code, status = code } = fault as { code?: string; status?: number | string }
  return FILE_ERRORS[`${status}`] ?? internalError
}

function refuse(response: ServerResponse, { status, headers, body }: AwsErrorResponse): void {
  if (response.headersSent) response.destroy()
  else response.writeHead(status, headers).end(body)
}

/** The path that was signed is encoded already: without its slashes it names a file, and no folder. */
const fileOf = ({ path }: Verified): string => path.replaceAll('/', '%2F')

/** It has a hyphen, as that of an upload in parts, so that no client takes it for an MD5. */
const etagOf = ({ ino, size, mtimeMs }: Stats): string =>
  `"${[ino, size, mtimeMs].map((part) => Math.trunc(part).toString(16)).join('-')}"`

/** Whether a request is for an object as a whole: `?acl`, `?uploads` and a copy are other calls. */
function isOfObject({ method = '', url = '', headers }: IncomingMessage, path: string): boolean {
  const names = [...new URLSearchParams(url.replace(/^[^?]*/, '')).keys()]
  const others = /^(x-amz-copy-source|if-)/ // an object that is only put if …
  return (
    /^\/[^/]+\/./.test(path) &&
    names.every((name) => /^x-(id$|amz-)/i.test(name)) &&
    (/^(GET|HEAD)$/.test(method) || !Object.keys(headers).some((name) => others.test(name)))
  )
}

/** An S3 server, not yet listening. Any bucket is there, and any key that is let in may do anything. */
export function s3Server(options: S3ServerOptions): Server {
  const { directory, maxLength = 5 * 1024 ** 3, ...rules } = options
  const verifier = createVerifier({ service: 's3', payload: 'deferred', ...rules })
  mkdirSync(directory, { recursive: true })

  async function put({ request, response, verified }: Call): Promise<void> {
    const received = join(directory, randomUUID())
    try {
      const body = readBody(request, verified, { headers: request.headers, maxLength })
      await pipeline(body, createWriteStream(received))
      // Only now is it known that this is the body that was sent.
      const etag = etagOf(await stat(received))
      await rename(received, join(directory, fileOf(verified)))
      response.setHeader('etag', etag).end()
    } finally {
      await rm(received, { force: true })
    }
  }

  function get({ request, response, verified }: Call): void {
    const path = encodeURIComponent(fileOf(verified))
    send(request, path, { root: directory, cacheControl: false })
      .on('headers', (_response, _path, stats) => response.setHeader('etag', etagOf(stats)))
      .on('error', (error) => refuse(response, errorOf(error)))
      .pipe(response)
  }

  async function remove({ response, verified }: Call): Promise<void> {
    await rm(join(directory, fileOf(verified)), { force: true })
    response.writeHead(204).end()
  }

  const calls = new Map(Object.entries({ PUT: put, GET: get, HEAD: get, DELETE: remove }))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verified = await verifier.verify(receivedFrom(request))
    if (!verified.ok) return refuse(response, awsError(verified, 's3'))
    const call = isOfObject(request, verified.path) && calls.get(request.method ?? '')
    if (!call) return refuse(response, notImplemented)
    await call({ request, response, verified })
  }

  // A large body may take an hour.
  return createServer({ requestTimeout: 3_600_000 }, (request, response) => {
    answer(request, response).catch((fault) => {
      const error = errorOf(fault)
      if (error === internalError && !response.destroyed) console.error(fault)
      refuse(response, error)
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory = 'objects', port = '9000'] = process.argv.slice(2)
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const server = s3Server({ directory, hosts, credentials: (id) => keys.get(id) })
  server.listen(Number(port), '127.0.0.1', () =>
    console.log(`${directory} is at http://127.0.0.1:${port}`),
  )
}
