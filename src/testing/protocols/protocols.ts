import { concat } from '../../lib/bytes.ts'
import { textOf, type Xml } from '../../lib/xml.ts'
import { awsError } from '../../verify/aws-error.ts'
import { type Answer, type Asked, type Protocol, xmlAnswer } from '../answers.ts'
import { type ServiceError, serviceError } from './service-error.ts'

const RequestId = 'countersign'

/** How a protocol is written. */
interface Wire {
  /** Whose words `awsError` has for it. */
  readonly words: Parameters<typeof awsError>[1]
  /** What too many requests are answered with. */
  readonly busy: readonly [status: number, code: string]
  readonly type: string
}

const THROTTLED = [400, 'ThrottlingException'] as const
const xml = { busy: [400, 'Throttling'], type: 'application/xml' } as const
const json = { words: 'json', busy: THROTTLED } as const

/** How each protocol is written. */
export const WIRES: Readonly<Record<Protocol, Wire>> = {
  s3: { ...xml, words: 's3', busy: [503, 'SlowDown'] },
  query: { ...xml, words: 'query' },
  ec2: { ...xml, words: 'query', busy: [503, 'RequestLimitExceeded'] },
  'rest-xml': { ...xml, words: 'query' },
  json: { ...json, type: 'application/x-amz-json-1.0' },
  'rest-json': { ...json, type: 'application/json', busy: [429, 'TooManyRequestsException'] },
  cbor: { ...json, type: 'application/cbor' },
}

/** A text, or a map of no more than a few of them, in CBOR: its kind and its size, then what it is. */
function cborOf(value: string | Readonly<Record<string, string>>): Uint8Array {
  if (typeof value !== 'string') {
    const entries = Object.entries(value)
    return concat([Buffer.of(0xa0 + entries.length), ...entries.flat().map(cborOf)])
  }
  const text = Buffer.from(value)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  return concat([Buffer.of(0x7a), size, text])
}

const cborAnswer = (content: Readonly<Record<string, string>>, status?: number): Answer => ({
  ...{ status, body: cborOf(content) },
  headers: { 'content-type': WIRES.cbor.type, 'smithy-protocol': 'rpc-v2-cbor' },
})

/** The answer to a call of which this is the result, as far as its protocol is known here: else what says nothing. */
export function resultAnswer({ protocol, operation }: Asked, result: object = {}): Answer {
  const { type, words } = WIRES[protocol]
  const name = operation || 'Unknown'
  const told = { [`${name}Result`]: result as Xml, ResponseMetadata: { RequestId } }
  if (protocol === 'query') return xmlAnswer(`${name}Response`, told)
  if (protocol === 'ec2') return xmlAnswer(`${name}Response`, { requestId: RequestId })
  if (protocol === 'cbor') return cborAnswer({})
  return { headers: { 'content-type': type }, body: words === 'json' ? JSON.stringify(result) : '' }
}

/** A refusal, or the fault of a body, as the protocol words it. */
export function refusalAnswer(refused: Parameters<typeof awsError>[0], protocol: Protocol): Answer {
  const answer = awsError(refused, WIRES[protocol].words, { requestId: RequestId })
  const { status, body } = answer
  const told = (name: string) => textOf(body, name) ?? ''
  // Two protocols have the words of others, in a form of their own.
  if (protocol === 'ec2') return errorIn(protocol, status, told('Code'), told('Message'))
  if (protocol !== 'cbor') return answer
  const { __type, message } = JSON.parse(body)
  return errorIn(protocol, status, __type, message)
}

/** An error in the form of a protocol. */
function errorIn(protocol: Protocol, status: number, Code: string, Message: string): Answer {
  const { words } = WIRES[protocol]
  const Errors = { Error: { Code, Message } }
  if (protocol === 'ec2') return xmlAnswer('Response', { Errors, RequestID: RequestId }, { status })
  if (protocol === 'cbor') return cborAnswer({ __type: Code, message: Message }, status)
  if (words === 's3')
    return xmlAnswer('Error', { Code, Message, RequestId, HostId: RequestId }, { status })
  if (words === 'query') return xmlAnswer('ErrorResponse', { ...Errors, RequestId }, { status })
  const headers = { 'content-type': WIRES.json.type, 'x-amzn-errortype': Code }
  return { status, headers, body: JSON.stringify({ __type: Code, message: Message }) }
}

/** The answer to a call that failed, as the protocol words it: by an error of a service, or by another. */
export function errorAnswer(protocol: Protocol, error: unknown): Answer {
  const isOurs = (error as Partial<Error>)?.name === 'ServiceError'
  const told = isOurs ? error : serviceError(500, 'InternalError', String(error))
  const { status, code, message } = told as ServiceError
  return errorIn(protocol, status, code, message)
}
