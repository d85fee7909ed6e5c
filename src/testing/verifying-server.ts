import { receivedFrom } from '../adapters/incoming-message.ts'
import { checkWords } from '../canonical/words.ts'
import type { Credentials } from '../model/types.ts'
import type { Verified } from '../model/verify-types.ts'
import type { Answer } from './answers.ts'
import { preflightAnswer, readable } from './connection/cors.ts'
import { answerEvents, eventStreamAnswer, isEventStream } from './connection/events.ts'
import { type Exchange, listen, send } from './connection/listen.ts'
import { createFault, type Fault, faultAnswer, takeFault } from './faults.ts'
import { createJudge, type Judged } from './judge.ts'
import { errorAnswer, refusalAnswer } from './protocols/protocols.ts'
import type { ClientKey, Verdict, VerifyingServer, VerifyingServerOptions } from './server-types.ts'
import { addKey, type Keys, type Lookup } from './services/keys.ts'
import { createServices } from './services/services.ts'

const EXAMPLE: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
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
  const lookup = typeof credentials === 'function' ? credentials : undefined
  const start = () => {
    const keys: Keys = new Map()
    if (!lookup) addKey(keys, credentials as Credentials, now())
    return { keys, answerOf: createServices() }
  }
  let state = start()
  const judge = createJudge({
    ...{ service: 'any', pathForm: 'any', ...others },
    credentials(id, claim) {
      const known = state.keys.get(id)
      return known?.status === 'Inactive' ? undefined : (known?.key ?? lookup?.(id, claim))
    },
  })
  const faults: Fault[] = []
  const verdicts: Verdict[] = []

  function record(judged: Judged, request: Verdict['request'], more?: Partial<Verdict>): Verdict {
    const { service, operation, result } = judged
    const fault = result.ok ? takeFault(faults, judged) : undefined
    const verdict = { request, service, result, ...(operation && { operation }), ...more }
    verdicts.push(fault ? { ...verdict, fault } : verdict)
    return verdicts.at(-1) as Verdict
  }

  /** The answer to what was judged; undefined where the connection is to be cut. */
  async function answerTo(
    judged: Judged,
    { request, fault }: Verdict,
  ): Promise<Answer | undefined> {
    const { result, bodyFault, service, protocol, time } = judged
    if (!result.ok) return refusalAnswer(bodyFault ?? result, protocol)
    if (fault) return faultAnswer(fault, judged, time)
    const { keys, answerOf } = state
    const { accessKeyId = '', scope } = result
    const known = keys.get(accessKeyId)
    if (known) known.use = { time, service, region: scope?.region ?? '' }
    const own = 'trace' in result ? await answer?.(request, result as Verified) : undefined
    return own ?? answerOf({ ...judged, url, keys })
  }

  /** Answers a stream of events, once its request is judged. */
  async function respondToEvents({ message, response }: Exchange): Promise<Answer | undefined> {
    const request = receivedFrom(message)
    const empty = { ...request, body: new Uint8Array() }
    const judged = await judge({ request: empty, isWhole: true, time: now() })
    const events: Uint8Array[] = []
    const verdict = record(judged, request, { events })
    if (!judged.result.ok || verdict.fault) return answerTo(judged, verdict)
    const { headers = {} } = readable(cors, message, eventStreamAnswer([]))
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const verified = judged.result as Verified
    const result = await answerEvents(message, response, verified, now, events)
    const at = verdicts.indexOf(verdict)
    if (result && at >= 0) verdicts[at] = { ...verdict, result }
    return {}
  }

  async function respond(exchange: Exchange): Promise<Answer | undefined> {
    const { message, response, read } = exchange
    const { expect } = message.headers
    // An empty field expects nothing.
    if (expect && !/^100-continue$/i.test(expect)) return { status: 417 }
    const preflight = preflightAnswer(cors, message)
    if (preflight) return preflight
    if (isEventStream(message)) return respondToEvents(exchange)
    const { body, isWhole } = await read()
    if (!isWhole) response.setHeader('connection', 'close')
    const request = { ...receivedFrom(message), body }
    const judged = await judge({ request, isWhole, time: now() })
    return answerTo(judged, record(judged, request)).catch((error: unknown) =>
      errorAnswer(judged.protocol, error),
    )
  }

  async function handle(exchange: Exchange): Promise<void> {
    const { message, response } = exchange
    // Clients that find their clock wrong set it by the server's.
    response.setHeader('date', now().toUTCString())
    const answer = await respond(exchange).catch((error: unknown) => errorAnswer('s3', error))
    if (!answer) return void message.socket.destroy()
    if (response.headersSent) return
    try {
      send(exchange, readable(cors, message, answer))
    } catch (error) {
      // One's own answer may be one that HTTP has no way to send.
      send(exchange, errorAnswer('s3', error))
    }
  }

  const listening = await listen(handle, { port, tls }, now)
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${listening.port}`
  const value = lookup ? undefined : (credentials as ClientKey)
  const running: VerifyingServer<typeof value> = {
    ...{ url, port: listening.port, credentials: value, verdicts, close: listening.close },
    get lastVerdict() {
      return verdicts.at(-1)
    },
    fail(kind, options) {
      faults.push(createFault(kind, options))
    },
    reset() {
      verdicts.length = 0
      faults.length = 0
      state = start()
    },
  }
  return Object.defineProperty(running, 'credentials', { enumerable: false })
}
