import type { IncomingMessage, ServerResponse } from 'node:http'
import { receivedFrom } from '../adapters/incoming-message.ts'
import { checkWords } from '../canonical/words.ts'
import type { Credentials } from '../model/types.ts'
import type { Verified } from '../model/verify-types.ts'
import type { Answer, ServiceRequest } from './answers.ts'
import { createBodies } from './connection/bodies.ts'
import { preflightAnswer, readable } from './connection/cors.ts'
import { answerEvents, eventStreamAnswer, isEventStream } from './connection/events.ts'
import { listen } from './connection/listen.ts'
import { send } from './connection/send.ts'
import { createFaults, faultAnswer } from './faults.ts'
import { errorAnswer, refusalAnswer } from './protocols/protocols.ts'
import { postObject } from './s3/form.ts'
import type { Bucket } from './s3/store.ts'
import type { ClientKey, Verdict, VerifyingServer, VerifyingServerOptions } from './server-types.ts'
import { createKeys, type Lookup } from './services/keys.ts'
import { createServices } from './services/services.ts'
import { type Arrival, createJudge, type Judged } from './verdicts/judge.ts'

const EXAMPLE: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

/** A request that holds, as a service reads it. */
function serviceRequestOf(
  { asked, received, result, body }: Judged,
  more: Pick<ServiceRequest, 'time' | 'url' | 'keys'>,
): ServiceRequest {
  const { method = 'GET', path = '/', query = '', fields = {} } = received ?? {}
  const { accessKeyId, scope, path: signedPath = path } = result as Partial<Verified>
  // A presigned query has the signature's parameters beside those of the call.
  const own = query.split('&').filter((part) => !/^X-Amz-/i.test(part))
  return {
    ...{ method, path: signedPath, body, accessKeyId, operation: asked.operation },
    headers: new Map(Object.entries(fields)),
    query: new URLSearchParams(own.join('&')),
    region: scope?.region ?? 'us-east-1',
    ...more,
  }
}

/**
 * Starts a server on the loopback that accepts what AWS would accept, refuses what it would refuse
 * in AWS's own words, and remembers every verdict. It speaks HTTP/1.1 and HTTP/2 on one port.
 *
 * It answers well enough for AWS clients to go on: S3 keeps objects in memory, DynamoDB items;
 * Lambda echoes, STS, Cognito and IAM give keys that it knows from then on, any other service answers
 * emptily. The service is that of the request's scope. The chunks, trailer and checksum of an
 * aws-chunked body are verified too, the events of a stream, and the policy of a form.
 *
 * @throws CountersignError as `verify`; what `listen` throws is passed on
 * @example
 * const server = await createVerifyingServer()
 * const s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials: server.credentials })
 * await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'text' }))
 * server.lastVerdict?.result.ok // true
 * await server.close()
 */
export function createVerifyingServer(
  options: VerifyingServerOptions & {
    /** A lookup of keys, which alone knows them: the server has none for its clients. */
    readonly credentials: Lookup
  },
): Promise<VerifyingServer<undefined>>
export function createVerifyingServer(options?: VerifyingServerOptions): Promise<VerifyingServer>
export async function createVerifyingServer(
  options: VerifyingServerOptions = {},
): Promise<VerifyingServer<ClientKey | undefined>> {
  const { credentials = EXAMPLE, now: clock, port, tls, cors, answer, ...others } = options
  checkWords({ cors: typeof cors === 'string' ? cors : undefined }, { cors: '*' })
  const now = () => (typeof clock === 'function' ? clock() : (clock ?? new Date()))
  const start = () => {
    const store = new Map<string, Bucket>()
    return { store, keys: createKeys(credentials, now()), answerOf: createServices(store) }
  }
  let state = start()
  const judge = createJudge({
    ...{ service: 'any', pathForm: 'any', ...others },
    credentials: (id, claim) => state.keys.find(id, claim),
  })
  const bodies = createBodies(now)
  const faults = createFaults()
  const verdicts: Verdict[] = []

  function record({ asked, result }: Judged, request: Verdict['request'], more?: object): Verdict {
    const { service, operation } = asked
    const fault = result.ok ? faults.take(asked) : undefined
    const verdict = { request, service, result, ...(operation && { operation }), ...more }
    verdicts.push(fault ? { ...verdict, fault } : verdict)
    return verdicts.at(-1) as Verdict
  }

  /** The answer to what was judged; undefined where the connection is to be cut. */
  async function answerTo(judged: Judged, { request, time }: Arrival, { fault }: Verdict) {
    const { asked, result, form, bodyFault } = judged
    const { service, protocol } = asked
    if (!result.ok) return refusalAnswer(bodyFault ?? result, protocol)
    if (fault) return faultAnswer(fault, asked, time)
    const { store, keys, answerOf } = state
    const { accessKeyId = '', scope } = result
    keys.uses.set(accessKeyId, { time, service, region: scope?.region ?? '' })
    const own = 'trace' in result ? answer?.(request, result as Verified) : undefined
    if (own) return own
    if (form) return postObject(store, form, { url, time })
    return answerOf(service, protocol, serviceRequestOf(judged, { time, url, keys }))
  }

  /** Answers a stream of events, once its request is judged. */
  async function respondToEvents(message: IncomingMessage, response: ServerResponse) {
    const request = receivedFrom(message)
    const arrival = { request: { ...request, body: new Uint8Array() }, isWhole: true, time: now() }
    const judged = await judge(arrival)
    const events: Uint8Array[] = []
    const verdict = record(judged, request, { events })
    if (!judged.result.ok || verdict.fault) return answerTo(judged, arrival, verdict)
    const { headers = {} } = readable(cors, message, eventStreamAnswer([]))
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const verified = judged.result as Verified
    const result = await answerEvents(message, response, verified, now, events)
    const at = verdicts.indexOf(verdict)
    if (result && at >= 0) verdicts[at] = { ...verdict, result }
    return {}
  }

  async function respond(
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<Answer | undefined> {
    const { expect } = message.headers
    // An empty field expects nothing.
    if (expect && !/^100-continue$/i.test(expect)) return { status: 417 }
    const preflight = preflightAnswer(cors, message)
    if (preflight) return preflight
    if (isEventStream(message)) return respondToEvents(message, response)
    const { bytes, isWhole } = await bodies.read(message)
    if (!isWhole) response.setHeader('connection', 'close')
    const arrival = { request: { ...receivedFrom(message), body: bytes }, isWhole, time: now() }
    const judged = await judge(arrival)
    return answerTo(judged, arrival, record(judged, arrival.request)).catch((error: unknown) =>
      errorAnswer(judged.asked.protocol, 500, 'InternalError', String(error)),
    )
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    // Clients that find their clock wrong set it by the server's.
    response.setHeader('date', now().toUTCString())
    const answer = await respond(message, response).catch((error: unknown) =>
      errorAnswer('s3', 500, 'InternalError', String(error)),
    )
    if (!answer) message.socket.destroy()
    else if (!response.headersSent) send(response, message, readable(cors, message, answer))
  }

  const listening = await listen(handle, { port, tls }, bodies)
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${listening.port}`
  const value = typeof credentials === 'function' ? undefined : (credentials as ClientKey)
  const running: VerifyingServer<typeof value> = {
    ...{ url, port: listening.port, credentials: value, verdicts, close: listening.close },
    get lastVerdict() {
      return verdicts.at(-1)
    },
    fail: faults.add,
    reset() {
      verdicts.length = 0
      faults.clear()
      state = start()
    },
  }
  return Object.defineProperty(running, 'credentials', { enumerable: false })
}
