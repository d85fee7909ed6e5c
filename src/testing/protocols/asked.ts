import type { Claim, VerifyOptions } from '../../model/verify-types.ts'
import type { Received } from '../../verify/received.ts'
import { textOf } from '../answers.ts'
import { s3OperationOf } from '../s3/operations.ts'
import type { Protocol } from './protocols.ts'

/** What a request asks for, as far as it tells. */
export interface Asked {
  /** As in the scope that it is signed for, else as its call is known to be of. */
  readonly service: string
  /** By AWS's name; empty where that cannot be told. */
  readonly operation: string
  readonly protocol: Protocol
}

/** Services whose requests tell their protocol by nothing else; the others of REST speak JSON. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ...{ cloudfront: 'rest-xml', route53: 'rest-xml', sts: 'query' },
}

/** Operations of REST that are told by the end of their paths. */
const REST: Readonly<Record<string, string>> = {
  'lambda invocations': 'Invoke',
  'lambda response-streaming-invocations': 'InvokeWithResponseStream',
  'bedrock converse': 'Converse',
  'bedrock converse-stream': 'ConverseStream',
  'bedrock invoke': 'InvokeModel',
  'bedrock invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'bedrock invoke-with-bidirectional-stream': 'InvokeModelWithBidirectionalStream',
  'transcribe stream-transcription': 'StartStreamTranscription',
}

/** Calls that come without a signature, as who makes them has no key yet. */
const KEYLESS =
  /^(cognito-identity (GetId|GetCredentialsForIdentity)|sts AssumeRoleWithWebIdentity)$/

/** Calls whose bodies may come unsigned, by the models of AWS; those of S3 may all. */
const UNSIGNED_BODIES =
  /^(ebs PUT \/snapshots\/[^/]+\/blocks\/.*|lex POST .*\/(content|utterance)|mediastore PUT .*|omics PUT .*\/upload\/[^/]+\/part)$/

export const isS3 = (service: string): boolean => /^s3/.test(service)

/** Whether a call needs no key. */
export const isKeyless = ({ service, operation }: Asked): boolean =>
  KEYLESS.test(`${service} ${operation}`)

/** Whether a body may come unsigned, though the service is not S3. */
export const takesUnsignedBody = (service: string, { method, path }: Received): boolean =>
  UNSIGNED_BODIES.test(`${service} ${method} ${path}`)

const isForm = ({ fields }: Received): boolean => /urlencoded/.test(fields['content-type'] ?? '')

/** The action of the query protocol, in a form or a query. */
function actionOf(received: Received): string {
  const { body = '', query } = received
  const form = typeof body === 'string' ? body : textOf(body)
  return new URLSearchParams(isForm(received) ? form : query).get('Action') ?? ''
}

function protocolOf(service: string, received: Received, action: string): Protocol {
  const { fields } = received
  if (fields['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor'
  if (fields['x-amz-target'] !== undefined) return 'json'
  if (isS3(service)) return 's3'
  return action || isForm(received) ? 'query' : (PROTOCOLS[service] ?? 'rest-json')
}

/** Reads what a request asks for, of a server that is some services. */
export function askedOf(
  received: Received | undefined,
  claim: Claim | undefined,
  own: VerifyOptions['service'],
): Asked {
  const only = own === 'any' ? [] : [own].flat()
  const scoped = claim?.scope.service
  if (!received) return { service: scoped ?? only[0] ?? 's3', operation: '', protocol: 's3' }
  const { fields, path } = received
  const [target, named] = (fields['x-amz-target'] ?? '').split('.')
  const action = named ?? actionOf(received)
  const known = target === 'AWSCognitoIdentityService' ? 'cognito-identity' : undefined
  const sts = isKeyless({ service: 'sts', operation: action, protocol: 'query' })
    ? 'sts'
    : undefined
  const service = scoped ?? known ?? sts ?? only[0] ?? 's3'
  const cbor = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(path)?.[1]
  const rest = cbor ?? REST[`${service} ${path.split('/').at(-1)}`] ?? ''
  const operation = isS3(service) && !named ? s3OperationOf(received) : action || rest
  // A server of S3 alone answers as S3 whatever comes.
  const isOfS3 = only.length > 0 && only.every(isS3)
  return { service, operation, protocol: isOfS3 ? 's3' : protocolOf(service, received, action) }
}
