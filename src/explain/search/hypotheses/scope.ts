import type { Parts } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'

const REGIONS =
  'us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 ap-south-1 ap-south-2 ap-east-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-northeast-1 ap-northeast-2 ap-northeast-3 ca-central-1 ca-west-1 sa-east-1 me-south-1 me-central-1 af-south-1 il-central-1 us-gov-west-1 us-gov-east-1 cn-north-1 cn-northwest-1 aws-global auto'

const SERVICES =
  's3 execute-api lambda dynamodb sts es aoss bedrock iotdevicegateway iotdata s3express s3-object-lambda s3-outposts sqs sns ses email monitoring logs kinesis firehose secretsmanager ssm kms cognito-idp cognito-identity appsync states events ec2 iam cloudfront apigateway transcribe polly rekognition neptune-db service'

const dayBeside = (day: string, by: number): string => {
  const date = new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + by)
  return Number.isNaN(Number(date)) ? day : date.toISOString().slice(0, 10).replace(/-/g, '')
}

/** Scopes of another day, end, region or service; where the algorithm has no region, none with another. */
function* otherScopes({ credentialScope, amzDate }: Parts): Iterable<[MismatchCause, string]> {
  const [date = '', ...names] = credentialScope.split('/')
  const service = names[names.length - 2] ?? ''
  const region = names.length > 2 ? names.slice(0, -2) : []
  const to = (day: string, place: readonly string[], name: string, end = 'aws4_request') =>
    [day, ...place, name, ...(end ? [end] : [])].join('/')
  yield ['wrong-day', to(amzDate.slice(0, 8), region, service)]
  for (const by of [-1, 1]) yield ['wrong-day', to(dayBeside(date, by), region, service)]
  for (const end of ['', 'aws4-request', 'AWS4_REQUEST'])
    yield ['wrong-terminator', to(date, region, service, end)]
  yield ['wrong-region', to(date, [], service)]
  for (const name of region.length > 0 ? REGIONS.split(' ') : [])
    yield ['wrong-region', to(date, [name], service)]
  for (const name of SERVICES.split(' ')) yield ['wrong-service', to(date, region, name)]
}

/** Scopes that a signer may have derived the key for, or signed, beside the one it states. */
export function* scopeHypotheses(base: Parts): Iterable<Hypothesis> {
  const { credentialScope } = base
  for (const [cause, scope] of otherScopes(base)) {
    if (scope === credentialScope) continue
    yield {
      cause,
      detail: `the key was derived for ${scope}`,
      change: (parts) => ({ ...parts, keyScope: scope }),
    }
    yield {
      cause,
      detail: `signed for ${scope}`,
      change: (parts) => ({ ...parts, keyScope: scope, credentialScope: scope }),
    }
    yield {
      cause,
      detail: `${scope} in the string to sign`,
      change: (parts) => ({ ...parts, keyScope: credentialScope, credentialScope: scope }),
    }
  }
}
