import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { receivedFrom } from '../adapters/incoming-message.ts'
import { toBytes } from '../lib/bytes.ts'
import { type BodyFault, isBodyFault } from '../model/body-fault.ts'
import { isRefused, type Refused } from '../model/refusal.ts'
import type { Credentials } from '../model/types.ts'
import type { Claim, ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import { createVerifier } from '../verbs/async.ts'
import { type AwsProtocol, awsError } from '../verify/aws-error.ts'
import { readRequest } from '../verify/read.ts'
import type { Received } from '../verify/received.ts'
import { type Answer, s3Error } from './answer.ts'
import { createBodies, cutShort } from './bodies.ts'
import { plainBody, refusedBody } from './plain-body.ts'
import type { ClientKey, Verdict, VerifyingServer, VerifyingServerOptions } from './server-types.ts'
import { createServices } from './services.ts'

/** A request as it came. */
interface Arrival {
  readonly request: ReceivedRequest & { body: Uint8Array }
  /** False where its sender broke off in the middle of the body. */
  readonly isWhole: boolean
  /** By the server's clock. */
  readonly time: Date
}

interface Accepted {
  readonly verified: Verified
  /** The body without its frames. */
  readonly body: Uint8Array
}

const EXAMPLE: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

const ANSWER = { requestId: 'countersign' }

const isS3 = (service: string): boolean => /^s3/.test(service)

/** The protocol of a client: S3's of a server of S3 alone, else by the service in its scope and by how it speaks. */
function protocolOf(
  own: VerifyOptions['service'],
  claim: Claim | undefined,
  received: Received | undefined,
): AwsProtocol {
  const { service = 's3' } = claim?.scope ?? {}
  if ([own].flat().every(isS3)) return 's3'
  if (isS3(service) && received?.fields['x-amz-target'] === undefined) return 's3'
  const type = received?.fields['content-type'] ?? ''
  return /urlencoded/.test(type) || service === 'sts' ? 'query' : 'json'
}

const verdictOn = (judged: Refused | BodyFault | Accepted): Verdict['result'] => {
  if (isBodyFault(judged)) return refusedBody(judged)
  return isRefused(judged) ? judged : judged.verified
}

function send(response: ServerResponse, method: string, answer: Answer): void {
  const { status = 200, headers, body = '' } = answer
  const bytes = toBytes(body)
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
 * request's scope. The chunks, trailer and checksum of an aws-chunked body are verified too.
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
  const verifier = createVerifier({
    service: 'any',
    pathForm: 'any',
    ...rules,
    credentials: lookup,
  })
  const serviceOf = createServices()
  const bodies = createBodies()
  const verdicts: Verdict[] = []

  async function judge(arrival: Arrival): Promise<Refused | BodyFault | Accepted> {
    const { request, isWhole, time } = arrival
    const payload = isWhole ? 'hash' : 'deferred'
    const verified = await verifier.verify(request, { now: time, payload })
    if (!verified.ok) return verified
    if (!isWhole) return cutShort()
    const body = await plainBody(request, verified, rules)
    return isBodyFault(body) ? body : { verified, body }
  }

  async function respond(arrival: Arrival): Promise<Answer> {
    const { request } = arrival
    const judged = await judge(arrival)
    verdicts.push({ request, result: verdictOn(judged) })
    const { received, statement } = readRequest(request, rules)
    if (isBodyFault(judged) || isRefused(judged)) {
      const protocol = protocolOf(rules.service ?? 'any', statement?.claim, received)
      return awsError(judged, protocol, ANSWER)
    }
    const { verified, body } = judged
    const own = answer?.(request, verified)
    if (own) return own
    const { query, fields } = received as Received
    const headers = new Map(Object.entries(fields))
    return serviceOf(verified.scope.service)({
      ...{ method: request.method, path: verified.path, headers, body },
      accessKeyId: verified.accessKeyId,
      query: new URLSearchParams(withoutSignature(query)),
      region: verified.scope.region ?? 'us-east-1',
    })
  }

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = message.method ?? 'GET'
    try {
      const { bytes, isWhole } = await bodies.read(message)
      const request = { ...receivedFrom(message), body: bytes }
      const time = typeof now === 'function' ? now() : (now ?? new Date())
      // Clients that find their clock wrong set it by the server's.
      response.setHeader('date', time.toUTCString())
      if (!isWhole) response.setHeader('connection', 'close')
      send(response, method, await respond({ request, isWhole, time }))
    } catch (error) {
      send(response, method, s3Error(500, 'InternalError', String(error)))
    }
  }
  // An empty field expects nothing.
  const onExpectation = (message: IncomingMessage, response: ServerResponse) =>
    message.headers.expect ? response.writeHead(417).end() : handle(message, response)
  const server = tls ? createHttpsServer(tls, handle) : createHttpServer(handle)
  await new Promise<void>((resolve, reject) => {
    server
      .on('checkExpectation', onExpectation)
      .on('clientError', bodies.onClientError)
      .once('error', reject)
      .listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  const running: VerifyingServer = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${bound}`,
    port: bound,
    credentials: (typeof credentials === 'function' ? EXAMPLE : credentials) as ClientKey,
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
