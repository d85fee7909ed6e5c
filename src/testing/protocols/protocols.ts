import { awsError } from '../../verify/aws-error.ts'
import { type Answer, jsonAnswer, type Xml, xmlAnswer } from '../answers.ts'

/** How a client and a service speak with each other. */
export type Protocol = 's3' | 'query' | 'json' | 'rest-json' | 'rest-xml' | 'cbor'

const RequestId = 'countersign'

/** How `awsError` words each protocol. */
const WORDED = {
  ...{ s3: 's3', query: 'query', 'rest-xml': 'query' },
  ...{ json: 'json', 'rest-json': 'json', cbor: 'json' },
} as const satisfies Record<Protocol, Parameters<typeof awsError>[1]>

/** A refusal, or the fault of a body, as the protocol words it. */
export const refusalAnswer = (
  refused: Parameters<typeof awsError>[0],
  protocol: Protocol,
): Answer => awsError(refused, WORDED[protocol], { requestId: RequestId })

/** An error of a service, as the protocol words it. */
export function errorAnswer(
  protocol: Protocol,
  status: number,
  Code: string,
  Message: string,
): Answer {
  const error = { Code, Message }
  if (protocol === 's3')
    return xmlAnswer('Error', { ...error, RequestId, HostId: RequestId }, status)
  if (WORDED[protocol] === 'query')
    return xmlAnswer('ErrorResponse', { Error: error, RequestId }, status)
  const { headers, body } = jsonAnswer({ __type: Code, message: Message })
  return { status, headers: { ...headers, 'x-amzn-errortype': Code }, body }
}

/** The answer of the query protocol, in the wrapper of its operation. */
export const queryAnswer = (operation: string, result: Xml): Answer =>
  xmlAnswer(`${operation}Response`, {
    [`${operation}Result`]: result,
    ResponseMetadata: { RequestId },
  })

/** The answer that says nothing: what most clients are content with. */
export function emptyAnswer(protocol: Protocol, operation: string): Answer {
  const of = (type: string, body: string | Uint8Array) => ({
    headers: { 'content-type': `application/${type}`, ...(type === 'cbor' && CBOR) },
    body,
  })
  if (protocol === 'query') return queryAnswer(operation || 'Unknown', {})
  if (protocol === 'cbor') return of('cbor', Uint8Array.of(0xa0))
  if (protocol === 'json') return jsonAnswer({})
  return protocol === 'rest-json' ? of('json', '{}') : of('xml', '')
}

const CBOR = { 'smithy-protocol': 'rpc-v2-cbor' }

/** The answer to a call that no empty answer will do for. */
export const unknownCall = (protocol: Protocol, operation: string): Answer =>
  errorAnswer(
    protocol,
    501,
    'NotImplemented',
    `The test server does not know ${operation || 'this call'}, whose signature holds. Answer it by its option answer.`,
  )
