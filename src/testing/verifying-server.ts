import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { receivedFrom } from '../adapters/incoming-message.ts'
import { createVerifier } from '../async.ts'
import { type AwsProtocol, awsError } from '../aws-error.ts'
import type { Refused } from '../refusal.ts'
import type { Credentials } from '../types.ts'
import type { Received } from '../verify/received.ts'
import type { Claim, ReceivedRequest, Verified, VerifyOptions } from '../verify-types.ts'
import { type Answer, s3Error } from './answer.ts'
import { concat, withoutFraming } from './aws-chunked.ts'
import { readClaim } from './claim.ts'
import { createServices } from './services.ts'

/** A request, and what became of it. */
export interface Verdict {
  readonly request: ReceivedRequest
  readonly result: Verified | Refused
}

/** How a test server verifies: as `verify`, unless it is told otherwise. */
export interface VerifyingServerOptions
  extends Partial<Omit<VerifyOptions, 'credentials' | 'now' | 'payload'>> {
  /** Default: AWS's example key, AKIDEXAMPLE. */
  readonly credentials?: Credentials | VerifyOptions['credentials'] | undefined
  /** Default: the system clock. */
  readonly now?: Date | (() => Date) | undefined
  /** Default: any that is free. */
  readonly port?: number | undefined
  /** PEM texts: makes it an https server. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  /** Answers a verified request in place of the built-in service; undefined leaves it to that. */
  readonly answer?:
    | ((request: ReceivedRequest, verified: Verified) => Answer | undefined)
    | undefined
}

/** A server on the loopback that accepts what AWS would accept. */
export interface VerifyingServer {
  /** `http://127.0.0.1:PORT`: the `endpoint` of an AWS client. */
  readonly url: string
  readonly port: number
  /** The key for the client: the one that was given, or AWS's example key. Not enumerable. */
  readonly credentials: Credentials
  /** Every request so far, in order. */
  readonly verdicts: readonly Verdict[]
  readonly lastVerdict: Verdict | undefined
  close(): Promise<void>
}

const EXAMPLE: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

async function readBody(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of message) chunks.push(chunk as Uint8Array)
  return concat(chunks)
}

/** The protocol of a client, by the service in its scope and by how it speaks. */
function protocolOf(claim: Claim | undefined, received: Received | undefined): AwsProtocol {
  if (/^s3/.test(claim?.scope.service ?? 's3') && !received?.headers.has('x-amz-target'))
    return 's3'
  const type = received?.headers.get('content-type') ?? ''
  return /urlencoded/.test(type) || claim?.scope.service === 'sts' ? 'query' : 'json'
}

function send(response: ServerResponse, method: string, answer: Answer): void {
  const { status = 200, headers, body = '' } = answer
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const size = status === 204 ? {} : { 'content-length': String(bytes.byteLength) }
  response.writeHead(status, { ...size, 'x-amz-request-id': 'countersign', ...headers })
  response.end(method === 'HEAD' || status === 204 ? undefined : bytes)
}

/**
 * Starts a server on the loopback that accepts what AWS would accept, refuses what it would refuse
 * in AWS's own words, and remembers every verdict.
 *
 * It answers well enough for AWS clients to go on: S3 keeps objects in memory, DynamoDB items;
 * Lambda echoes, STS names the caller, any other service answers emptily. The service is that of the
 * request's scope. The signatures of aws-chunked chunks are not checked.
 *
 * @throws CountersignError as `verify`; what `listen` throws is passed on
 * @example
 * const server = await createVerifyingServer()
 * const s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials: server.credentials })
 * await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'text' }))
 * server.lastVerdict?.result.ok // true
 * await server.close()
 */
export async function createVerifyingServer(
  options: VerifyingServerOptions = {},
): Promise<VerifyingServer> {
  const { credentials = EXAMPLE, now, port = 0, tls, answer, ...rules } = options
  const lookup =
    typeof credentials === 'function'
      ? credentials
      : (id: string) => (id === credentials.accessKeyId ? credentials : undefined)
  const verifier = createVerifier({ service: 'any', ...rules, credentials: lookup })
  const serviceOf = createServices()
  const verdicts: Verdict[] = []

  async function respond(request: ReceivedRequest & { body: Uint8Array }): Promise<Answer> {
    const time = typeof now === 'function' ? now() : now
    const result = await verifier.verify(request, { now: time })
    verdicts.push({ request, result })
    const { received, claim } = readClaim(request, rules)
    if (!result.ok || !received) return awsError(result as Refused, protocolOf(claim, received))
    const own = answer?.(request, result)
    if (own) return own
    const body = result.payload === 'streaming' ? withoutFraming(request.body) : request.body
    if (!body) return s3Error(400, 'IncompleteBody', 'The aws-chunked framing is broken.')
    return serviceOf(result.scope.service)({
      method: request.method,
      path: received.path,
      query: new URLSearchParams(withoutSignature(received.query)),
      headers: received.headers,
      body,
      accessKeyId: result.accessKeyId,
      region: result.scope.region ?? 'us-east-1',
    })
  }

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = message.method ?? 'GET'
    try {
      const body = await readBody(message)
      send(response, method, await respond({ ...receivedFrom(message), body }))
    } catch (error) {
      send(response, method, s3Error(500, 'InternalError', String(error)))
    }
  }
  const server = tls ? createHttpsServer(tls, handle) : createHttpServer(handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  const running: VerifyingServer = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${bound}`,
    port: bound,
    credentials: typeof credentials === 'function' ? EXAMPLE : credentials,
    verdicts,
    get lastVerdict() {
      return verdicts.at(-1)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return Object.defineProperty(running, 'credentials', { enumerable: false })
}

/** The query of the call itself: a presigned one has the signature's parameters beside it. */
const withoutSignature = (query: string): string =>
  query
    .split('&')
    .filter((part) => !/^X-Amz-/i.test(part))
    .join('&')
