import { awsError, CountersignError } from 'countersign'
import type { BodyFault, BodyFaultCode } from 'countersign/s3'
import { describe, expect, it } from 'vitest'

/** What S3 answers to each fault of a body. */
const ANSWERS: Readonly<Record<BodyFaultCode, readonly [status: number, code: string]>> = {
  'body-limit': [400, 'EntityTooLarge'],
  'checksum-mismatch': [400, 'BadDigest'],
  'chunk-limit': [400, 'InvalidRequest'],
  'chunk-mismatch': [403, 'SignatureDoesNotMatch'],
  'invalid-checksum': [400, 'InvalidRequest'],
  'invalid-chunk': [400, 'IncompleteBody'],
  'length-mismatch': [400, 'IncompleteBody'],
  'missing-length': [411, 'MissingContentLength'],
  'payload-mismatch': [400, 'XAmzContentSHA256Mismatch'],
  'small-chunk': [400, 'InvalidChunkSizeError'],
  'trailer-mismatch': [400, 'MalformedTrailerError'],
  'unknown-checksum': [400, 'InvalidRequest'],
}

describe('awsError of a body that does not hold', () => {
  const fault = (code: string) =>
    new CountersignError(code as BodyFaultCode, 'it is <other>.') as BodyFault

  it.each(Object.entries(ANSWERS))('%s', (name, [status, code]) => {
    const answer = awsError(fault(name), 's3')
    expect(answer).toEqual({
      status,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>it is &#60;other&#62;.</Message></Error>`,
    })
    expect(awsError(fault(name), 's3', 'coarse')).toEqual(answer)
  })

  it('has the form of the other protocols too', () => {
    expect(awsError(fault('checksum-mismatch'), 'json')).toEqual({
      status: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'BadDigest',
      },
      body: '{"__type":"BadDigest","message":"it is <other>."}',
    })
    expect(awsError(fault('checksum-mismatch'), 'query').body).toBe(
      '<ErrorResponse><Error><Type>Sender</Type><Code>BadDigest</Code><Message>it is &#60;other&#62;.</Message></Error></ErrorResponse>',
    )
  })
})
