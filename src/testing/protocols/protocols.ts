import type { Xml } from '../../lib/xml.ts'
import { awsError } from '../../verify/aws-error.ts'
import { type Answer, type Asked, type Protocol, xmlAnswer } from '../answers.ts'

const RequestId = 'countersign'

/** How a protocol is written. */
interface Wire {
  /** Whose words `awsError` has for it. */
  readonly words: Parameters<typeof awsError>[1]
  /** What too many requests are answered with. */
  readonly busy: readonly [status: number, code: string]
  readonly type: string
  /** A result that says nothing. */
  readonly empty: string | Uint8Array
}

const THROTTLED = [400, 'ThrottlingException'] as const
const xml = { busy: [400, 'Throttling'], type: 'application/xml', empty: '' } as const
const json = { words: 'json', busy: THROTTLED, empty: '{}' } as const

/** How each protocol is written. */
export const WIRES: Readonly<Record<Protocol, Wire>> = {
  s3: { ...xml, words: 's3', busy: [503, 'SlowDown'] },
  query: { ...xml, words: 'query' },
  'rest-xml': { ...xml, words: 'query' },
  json: { ...json, type: 'application/x-amz-json-1.0' },
  'rest-json': { ...json, type: 'application/json', busy: [429, 'TooManyRequestsException'] },
  cbor: { ...json, type: 'application/cbor', empty: Uint8Array.of(0xa0) },
}

/** The answer to a call of which this is the result, as far as its protocol is known here: else what says nothing. */
export function resultAnswer({ protocol, operation }: Asked, result: object = {}): Answer {
  const { type, empty } = WIRES[protocol]
  const name = operation || 'Unknown'
  const told = { [`${name}Result`]: result as Xml, ResponseMetadata: { RequestId } }
  if (protocol === 'query') return xmlAnswer(`${name}Response`, told)
  const own = protocol === 'cbor' && { 'smithy-protocol': 'rpc-v2-cbor' }
  const body = empty === '{}' ? JSON.stringify(result) : empty
  return { headers: { 'content-type': type, ...own }, body }
}

/** A refusal, or the fault of a body, as the protocol words it. */
export const refusalAnswer = (
  refused: Parameters<typeof awsError>[0],
  protocol: Protocol,
): Answer => awsError(refused, WIRES[protocol].words, { requestId: RequestId })

/** An error that a service answers with. */
export interface ServiceError extends Error {
  readonly status: number
  readonly code: string
}

/** Makes an error that a service answers with, to be thrown. */
export const serviceError = (status: number, code: string, message: string): ServiceError =>
  Object.assign(new Error(message), { name: 'ServiceError', status, code })

/** The answer to a call that failed, as the protocol words it: by an error of a service, or by another. */
export function errorAnswer(protocol: Protocol, error: unknown): Answer {
  const isOurs = (error as Partial<Error>)?.name === 'ServiceError'
  const told = isOurs ? error : serviceError(500, 'InternalError', String(error))
  const { status, code: Code, message: Message } = told as ServiceError
  const { words } = WIRES[protocol]
  if (words === 's3')
    return xmlAnswer('Error', { Code, Message, RequestId, HostId: RequestId }, { status })
  if (words === 'query')
    return xmlAnswer('ErrorResponse', { Error: { Code, Message }, RequestId }, { status })
  const headers = { 'content-type': WIRES.json.type, 'x-amzn-errortype': Code }
  return { status, headers, body: JSON.stringify({ __type: Code, message: Message }) }
}
