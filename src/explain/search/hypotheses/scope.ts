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

/**
 * Scopes that a signer may have derived the key for, or signed, beside the one it states; where the
 * algorithm has no region in its scope, none with another.
 */
export function scopeHypotheses({ credentialScope, amzDate }: Parts): Hypothesis[] {
  const [date = '', ...names] = credentialScope.split('/')
  const service = names[names.length - 2] ?? ''
  const region = names.length > 2 ? names.slice(0, -2) : []
  const to = (day: string, place: readonly string[], name: string, end = 'aws4_request') =>
    [day, ...place, name, ...(end ? [end] : [])].join('/')
  const regions = region.length > 0 ? REGIONS.split(' ') : []
  const scopes: [MismatchCause, string][] = [
    ['wrong-day', to(amzDate.slice(0, 8), region, service)],
    ['wrong-day', to(dayBeside(date, -1), region, service)],
    ['wrong-day', to(dayBeside(date, 1), region, service)],
    ['wrong-terminator', to(date, region, service, '')],
    ['wrong-terminator', to(date, region, service, 'aws4-request')],
    ['wrong-terminator', to(date, region, service, 'AWS4_REQUEST')],
    ['wrong-region', to(date, [], service)],
    ...regions.map((name): [MismatchCause, string] => ['wrong-region', to(date, [name], service)]),
    ...SERVICES.split(' ').map((name): [MismatchCause, string] => [
      'wrong-service',
      to(date, region, name),
    ]),
  ]
  return scopes
    .filter(([, scope]) => scope !== credentialScope)
    .flatMap(([cause, scope]): Hypothesis[] => [
      {
        cause,
        detail: `the key was derived for ${scope}`,
        change: (parts) => ({ ...parts, keyScope: scope }),
      },
      {
        cause,
        detail: `signed for ${scope}`,
        change: (parts) => ({ ...parts, keyScope: scope, credentialScope: scope }),
      },
      {
        cause,
        detail: `${scope} in the string to sign`,
        change: (parts) => ({ ...parts, keyScope: credentialScope, credentialScope: scope }),
      },
    ])
}
