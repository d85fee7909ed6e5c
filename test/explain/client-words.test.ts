import { explain, type MismatchCause, type SignOptions, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { KEY, NOW, SECRET, TEMPORARY } from './client-case.ts'
import { faults } from './faults.ts'

const options: SignOptions = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}
const request = { url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' }
const xml = (code: string, message: string, more = '') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`
const json = (type: string, message: string) => JSON.stringify({ __type: type, message })
const LATE =
  'Signature expired: 20261124T120000Z is now earlier than 20261124T124500Z (20261124T130000Z - 15 min.)'
const EARLY =
  'Signature not yet current: 20261124T120000Z is still later than 20261124T111500Z (20261124T110000Z + 15 min.)'
const INVALID_TOKEN = 'The security token included in the request is invalid.'
const MISMATCH = 'The request signature we calculated does not match the signature you provided.'

type Row = readonly [
  body: string,
  cause: MismatchCause,
  detail?: string | undefined,
  given?: Partial<SignOptions>,
]

const temporary = { credentials: TEMPORARY }
const asia = { credentials: { ...KEY, accessKeyId: 'ASIAEXAMPLE' } }
const akia = { credentials: { ...TEMPORARY, accessKeyId: 'AKIAEXAMPLE' } }
const swapped = { credentials: { accessKeyId: SECRET, secretAccessKey: 'AKIAIOSFODNN7EXAMPLE' } }
const DIFFERENCE = 'The difference between the request time and the current time is too large.'

/** What AWS says, word by word. */
const SAID: Readonly<Record<string, Row>> = {
  'RequestTimeTooSkewed, behind': [
    xml(
      'RequestTimeTooSkewed',
      DIFFERENCE,
      '<RequestTime>20261124T120000Z</RequestTime><ServerTime>2026-11-24T13:00:00Z</ServerTime>',
    ),
    'clock-behind',
    'request 2026-11-24T12:00:00Z, server 2026-11-24T13:00:00Z',
  ],
  'RequestTimeTooSkewed, ahead, with the server’s time alone': [
    xml('RequestTimeTooSkewed', DIFFERENCE, '<ServerTime>2026-11-24T11:00:00Z</ServerTime>'),
    'clock-ahead',
    'server 2026-11-24T11:00:00Z',
  ],
  'Signature expired': [
    json('InvalidSignatureException', LATE),
    'clock-behind',
    'server 2026-11-24T13',
  ],
  'Signature not yet current': [
    xml('SignatureDoesNotMatch', EARLY),
    'clock-ahead',
    'server 2026-11-24T11:00:00Z',
  ],
  'RequestExpired of EC2': [xml('RequestExpired', 'Request has expired.'), 'clock-behind'],
  ExpiredToken: [xml('ExpiredToken', 'The provided token has expired.'), 'token-expired'],
  ExpiredTokenException: [
    json(
      'com.amazon.coral.service#ExpiredTokenException',
      'The security token included in the request is expired',
    ),
    'token-expired',
  ],
  InvalidAccessKeyId: [
    xml('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'),
    'unknown-access-key',
  ],
  'InvalidAccessKeyId, swapped': [
    xml('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'),
    'secret-swapped',
    undefined,
    swapped,
  ],
  UnrecognizedClientException: [
    json('UnrecognizedClientException', INVALID_TOKEN),
    'unknown-access-key',
  ],
  'UnrecognizedClientException, of a temporary key without its token': [
    json('UnrecognizedClientException', INVALID_TOKEN),
    'token-missing',
    undefined,
    asia,
  ],
  'API Gateway, of a lasting key with a token': [
    JSON.stringify({ message: INVALID_TOKEN }),
    'token-unexpected',
    undefined,
    akia,
  ],
  InvalidToken: [
    xml('InvalidToken', 'The provided token is malformed or otherwise invalid.'),
    'token-altered',
    undefined,
    temporary,
  ],
  'wrong region of S3': [
    xml(
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      '<Region>eu-west-1</Region>',
    ),
    'wrong-region',
    'the server expects eu-west-1',
  ],
  'wrong region of a presigned URL': [
    xml(
      'AuthorizationQueryParametersError',
      'Error parsing the X-Amz-Credential parameter; the region &apos;us-east-1&apos; is wrong; expecting &apos;eu-west-1&apos;',
    ),
    'wrong-region',
    'the server expects eu-west-1',
  ],
  'wrong region elsewhere': [
    json(
      'InvalidSignatureException',
      'Credential should be scoped to a valid region, not us-east-1. ',
    ),
    'wrong-region',
  ],
  'wrong service': [
    JSON.stringify({ message: "Credential should be scoped to correct service: 'execute-api'. " }),
    'wrong-service',
    'the server expects execute-api',
  ],
  'wrong service of S3': [
    xml(
      'AuthorizationHeaderMalformed',
      'The authorization header is malformed; incorrect service &quot;execute-api&quot;. This endpoint belongs to &quot;s3&quot;.',
    ),
    'wrong-service',
    'the server expects s3',
  ],
  'another day': [
    json(
      'InvalidSignatureException',
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261123' != '20261124', from '20261124T120000Z'.",
    ),
    'date-mismatch',
  ],
  'another day of S3': [
    xml(
      'AuthorizationQueryParametersError',
      'Invalid credential date "20261123". This date is not the same as X-Amz-Date: "20261124".',
    ),
    'date-mismatch',
  ],
  'another terminator': [
    json(
      'InvalidSignatureException',
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
    ),
    'wrong-terminator',
  ],
  'a presigned URL not valid yet': [xml('AccessDenied', 'Request is not valid yet'), 'clock-ahead'],
  'headers not signed': [
    xml('AccessDenied', 'There were headers present in the request which were not signed'),
    'header-added',
  ],
  'no hash': [
    xml('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256'),
    'payload-hash-missing',
  ],
  'another body': [
    xml(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
    'payload-altered',
  ],
  'no SignedHeaders': [
    json(
      'IncompleteSignatureException',
      "Authorization header requires 'SignedHeaders' parameter.",
    ),
    'malformed',
  ],
  'host not signed': [
    json(
      'InvalidSignatureException',
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ),
    'header-unsigned',
  ],
  'no more than a mismatch, and a secret that ends in a newline': [
    xml('SignatureDoesNotMatch', MISMATCH),
    'secret-blanks',
    undefined,
    { credentials: { ...KEY, secretAccessKey: `${SECRET}\n` } },
  ],
}

describe('what a server says in words', () => {
  it.each(Object.entries(SAID))('%s', async (_, [body, cause, detail, given]) => {
    const why = await explain(request, { ...options, ...given, serverError: body })
    expect([why.cause, why.certain, why.matches]).toEqual([cause, true, false])
    if (detail) expect(why.message).toContain(detail)
  })

  it('an expired URL is no wrong clock', async () => {
    const [url] = (await faults()).filter(({ name }) => name === 'URL expired')
    const presigned = {
      ...url?.received,
      body: null,
      url: `https://bucket.s3.eu-west-1.amazonaws.com${url?.received.url}`,
    }
    for (const serverError of [
      xml('AccessDenied', 'Request has expired', '<ServerTime>2026-11-24T13:00:00Z</ServerTime>'),
      json('InvalidSignatureException', LATE),
    ]) {
      const why = await explain(presigned, { ...options, service: 's3', serverError })
      expect(why.cause).toBe('expired')
    }
  })

  it.each([
    ['nothing', ''],
    ['that it is forbidden', '{"message":"Forbidden"}'],
    ['that there is no such key', xml('NoSuchKey', 'The specified key does not exist.')],
  ])('matches, where the server says %s', async (_, serverError) => {
    expect((await explain(request, { ...options, serverError })).matches).toBe(true)
  })

  it('is not certain, where a server says no more than that the signature is another', async () => {
    for (const serverError of [
      xml('SignatureDoesNotMatch', MISMATCH),
      json('InvalidSignatureException', MISMATCH),
    ]) {
      const why = await explain(request, { ...options, serverError })
      expect([why.cause, why.certain]).toEqual(['wrong-secret', false])
    }
  })

  it('is not certain that a signed request is not signed, as API Gateway says of a wrong path too', async () => {
    const serverError = '{"message":"Missing Authentication Token"}'
    const why = await explain(request, { ...options, serverError })
    expect([why.cause, why.certain]).toEqual(['not-signed', false])
  })

  it('is not taken in by words that the request itself holds', async () => {
    const url = `${request.url}?Credential=aws4_request&m=Request%20has%20expired`
    const signed = await sign({ url }, options)
    const { canonicalRequest, stringToSign } = signed.trace
    const quoted = `The Canonical String for this request should have been\n'${canonicalRequest.replace('GET', 'PUT')}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`
    const serverError = JSON.stringify({ message: `${MISMATCH}\n\n${quoted}` })
    expect((await explain(signed, { ...options, serverError })).causes).toEqual(['method-changed'])
  })
})
