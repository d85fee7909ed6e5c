import { inferScope } from 'countersign'
import { describe, expect, it } from 'vitest'

describe('inferScope', () => {
  it.each([
    ['bucket.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
    ['bucket.s3-eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
    ['s3.amazonaws.com', 's3', 'us-east-1'],
    ['bucket.s3.dualstack.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
    ['s3-fips.us-east-1.amazonaws.com', 's3', 'us-east-1'],
    ['bucket.s3-accelerate.amazonaws.com', 's3', undefined],
    ['ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
    ['123456789012.s3-control.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
    ['b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com', 's3express', 'us-east-1'],
    ['abc.execute-api-fips.us-east-1.amazonaws.com', 'execute-api', 'us-east-1'],
    ['dynamodb-fips.us-east-1.amazonaws.com', 'dynamodb', 'us-east-1'],
    ['sts.amazonaws.com', 'sts', 'us-east-1'],
    ['abc.lambda-url.eu-west-1.on.aws', 'lambda', 'eu-west-1'],
    ['abc.appsync-api.eu-west-1.amazonaws.com', 'appsync', 'eu-west-1'],
    ['search-logs.eu-west-1.es.amazonaws.com', 'es', 'eu-west-1'],
    ['a1b2-ats.iot.eu-west-1.amazonaws.com', 'iotdevicegateway', 'eu-west-1'],
    ['iot.eu-west-1.amazonaws.com', 'iot', 'eu-west-1'],
    ['dynamodb.cn-north-1.amazonaws.com.cn', 'dynamodb', 'cn-north-1'],
    ['iam.amazonaws.com', 'iam', undefined],
    ['example.com', undefined, undefined],
    ['localhost:9000', undefined, undefined],
  ])('%s is %s in %s', (host, service, region) => {
    const known = { ...(service && { service }), ...(region && { region }) }
    expect(inferScope(`https://${host}/`)).toEqual(known)
  })
})
