import type { HeaderFields } from '../../canonical/headers.ts'
import type { Claim, VerifyOptions } from '../../model/verify-types.ts'
import type { Received } from '../../verify/received.ts'
import { type Asked, type Protocol, textOf } from '../answers.ts'
import { s3OperationOf } from '../s3/table.ts'

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
export const KEYLESS: RegExp =
  /^(cognito-identity (GetId|GetCredentialsForIdentity)|sts AssumeRoleWithWebIdentity)$/

/** Calls whose bodies may come unsigned, by the models of AWS; those of S3 may all. */
export const UNSIGNED_BODIES: RegExp =
  /^(ebs PUT \/snapshots\/[^/]+\/blocks\/.*|lex POST .*\/(content|utterance)|mediastore PUT .*|omics PUT .*\/upload\/[^/]+\/part)$/

export const isS3 = (service: string): boolean => /^s3/.test(service)

/** The protocol of a request; what nothing else tells speaks JSON. */
function protocolOf(service: string, fields: HeaderFields, isQuery: boolean): Protocol {
  if (fields['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor'
  if (fields['x-amz-target'] !== undefined) return 'json'
  if (isS3(service)) return 's3'
  if (service === 'ec2') return 'ec2'
  if (isQuery || service === 'sts') return 'query'
  return /^(cloudfront|route53)$/.test(service) ? 'rest-xml' : 'rest-json'
}

/** Reads what a request asks for, of a server that is some services. */
export function askedOf(
  received: Received | undefined,
  claim: Claim | undefined,
  own: VerifyOptions['service'],
): Asked {
  const only = own === 'any' ? [] : [own].flat()
  const scoped = claim?.scope.service
  if (!received) {
    const service = scoped ?? only[0] ?? 's3'
    return { service, operation: '', protocol: protocolOf(service, {}, false) }
  }
  const { fields, path, query, body } = received
  const [target, named] = (fields['x-amz-target'] ?? '').split('.')
  const isForm = /urlencoded/.test(fields['content-type'] ?? '')
  const parameters = new URLSearchParams(isForm ? textOf(body) : query)
  const action = named ?? parameters.get('Action') ?? ''
  const isCognito = target === 'AWSCognitoIdentityService'
  const unsigned = KEYLESS.test(`sts ${action}`)
    ? 'sts'
    : isCognito
      ? 'cognito-identity'
      : undefined
  const service = scoped ?? unsigned ?? only[0] ?? 's3'
  const cbor = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(path)?.[1]
  const rest = cbor ?? REST[`${service} ${path.split('/').at(-1)}`] ?? ''
  const operation = isS3(service) && !named ? s3OperationOf(received) : action || rest
  // A server of S3 alone answers as S3 whatever comes.
  const isOfS3 = only.length > 0 && only.every(isS3)
  const protocol = isOfS3 ? 's3' : protocolOf(service, fields, isForm || action !== '')
  return { service, operation, protocol }
}
