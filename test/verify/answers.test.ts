import { CountersignError } from 'countersign'
import { describe, expect, it } from 'vitest'
import { elements } from '../../src/lib/xml.ts'
import { codesOf, isOfQuery } from '../../src/verify/aws-codes.ts'
import { regionOf, s3Details } from '../../src/verify/aws-details.ts'
import { plainMessage, s3Message } from '../../src/verify/aws-messages.ts'
import { type Shown, shownOf } from '../../src/verify/aws-shown.ts'
import { leastSizeOf } from '../../src/verify/least-size.ts'
import { withPresented } from '../../src/verify/presented.ts'
import { formatRefusal, parseRefusal } from '../../src/verify/refusal-fields.ts'

const request = new Date('2015-08-30T12:36:00Z')
const later = new Date('2015-08-30T13:36:00Z')
const trace = {
  ...{ canonicalRequest: 'GET\n/\u00e9', stringToSign: 'A\nB', credentialScope: 'c' },
  signedHeaders: ['host'],
}
const presented = { accessKeyId: 'AKID', signature: 'f00' }

const shown = (reason: Shown['reason'], more: Partial<Shown> = {}): Shown => ({
  ...{ reason, message: 'The thing is wrong.', status: 400, ...more },
})

/** What most refusals are in JSON and in the query protocol: of what states no signature, and of what does. */
const INCOMPLETE = ['IncompleteSignatureException', 'IncompleteSignature'] as const
const INVALID = ['InvalidSignatureException', 'SignatureDoesNotMatch'] as const

describe('a code', () => {
  it.each<[Shown['reason'], Partial<Shown>, string, string, string]>([
    [
      'missing-authentication',
      {},
      'AccessDenied',
      'MissingAuthenticationTokenException',
      'MissingAuthenticationToken',
    ],
    ['missing-authentication', { about: { part: 'date' } }, 'AccessDenied', ...INCOMPLETE],
    ['expired', { about: { part: 'date' } }, 'AccessDenied', ...INVALID],
    ['malformed-authorization', {}, 'AuthorizationHeaderMalformed', ...INCOMPLETE],
    ['malformed-authorization', { about: { part: 'placement' } }, 'InvalidArgument', ...INCOMPLETE],
    ['malformed-authorization', { about: { part: 'url' } }, 'InvalidURI', ...INCOMPLETE],
    [
      'malformed-authorization',
      { about: { parameter: 'X-Amz-Date' } },
      'AuthorizationQueryParametersError',
      ...INCOMPLETE,
    ],
    [
      'malformed-authorization',
      { about: { part: 'date' }, placement: 'query' },
      'AuthorizationQueryParametersError',
      ...INCOMPLETE,
    ],
    [
      'malformed-authorization',
      { about: { part: 'date' }, placement: 'header' },
      'AuthorizationHeaderMalformed',
      ...INCOMPLETE,
    ],
    [
      'malformed-authorization',
      { placement: 'query' },
      'AuthorizationHeaderMalformed',
      ...INCOMPLETE,
    ],
    ['expired', { about: { part: 'url' } }, 'AccessDenied', ...INVALID],
    ['expired', { about: { part: 'placement' } }, 'AccessDenied', ...INVALID],
    ['unsupported-algorithm', {}, 'InvalidRequest', ...INCOMPLETE],
    [
      'unsupported-algorithm',
      { about: { header: 'authorization' } },
      'InvalidArgument',
      ...INCOMPLETE,
    ],
    ['unsupported-algorithm', { about: { header: 'a' } }, 'InvalidRequest', ...INCOMPLETE],
    [
      'unsupported-algorithm',
      { about: { part: 'algorithm' }, placement: 'query' },
      'AuthorizationQueryParametersError',
      ...INCOMPLETE,
    ],
    [
      'scope-mismatch',
      { about: { part: 'region' }, placement: 'query' },
      'AuthorizationQueryParametersError',
      ...INVALID,
    ],
    [
      'payload-mismatch',
      { about: { header: 'x-amz-content-sha256' } },
      'InvalidArgument',
      ...INVALID,
    ],
    ['payload-mismatch', { about: { header: 'a' } }, 'XAmzContentSHA256Mismatch', ...INVALID],
    ['unsigned-headers', { about: { header: 'x-amz-content-sha256' } }, 'AccessDenied', ...INVALID],
    ['unsigned-headers', { about: { header: 'authorization' } }, 'AccessDenied', ...INVALID],
    ['unsigned-headers', { about: { header: 'content-md5' } }, 'AccessDenied', ...INVALID],
    ['replayed', {}, 'AccessDenied', 'AccessDeniedException', 'AccessDenied'],
    [
      'host-mismatch',
      { about: { header: 'host' } },
      'InvalidRequest',
      'ValidationException',
      'ValidationError',
    ],
    [
      'replay-store-failed',
      {},
      'ServiceUnavailable',
      'ServiceUnavailableException',
      'ServiceUnavailable',
    ],
    [
      'invalid-checksum',
      { about: { header: 'content-md5' } },
      'InvalidDigest',
      'InvalidDigest',
      'InvalidDigest',
    ],
    [
      'invalid-checksum',
      { about: { header: 'a' } },
      'InvalidRequest',
      'InvalidRequest',
      'InvalidRequest',
    ],
    [
      'checksum-mismatch',
      { about: { header: 'content-md5' } },
      'BadDigest',
      'BadDigest',
      'BadDigest',
    ],
    ['chunk-mismatch', {}, 'SignatureDoesNotMatch', ...INVALID],
    ['invalid-policy', {}, 'InvalidPolicyDocument', 'AccessDeniedException', 'AccessDenied'],
    [
      'unknown-access-key',
      {},
      'InvalidAccessKeyId',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
    ],
    [
      'invalid-session-token',
      {},
      'InvalidToken',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
    ],
    ['expired-session-token', {}, 'ExpiredToken', 'ExpiredTokenException', 'ExpiredToken'],
    ['ambiguous-path', {}, 'InvalidURI', 'ValidationException', 'ValidationError'],
    ...(
      [
        ['clock-skew', 'RequestTimeTooSkewed'],
        ['not-yet-valid', 'AccessDenied'],
        ['signed-header-missing', 'AccessDenied'],
        ['missing-payload-hash', 'InvalidRequest'],
        ['unsigned-payload', 'AccessDenied'],
        ['signature-mismatch', 'SignatureDoesNotMatch'],
        ['expired', 'AccessDenied'],
      ] as const
    ).map(([reason, s3]): [Shown['reason'], object, string, string, string] => [
      ...([reason, {}, s3, ...INVALID] as const),
    ]),
  ])('of %s with %j is %s', (reason, more, s3, json, query) =>
    expect(codesOf(shown(reason, more))).toEqual({ s3, json, query }),
  )

  it.each<[Shown['reason'], Partial<Shown>, boolean]>([
    ['scope-mismatch', { placement: 'query', about: {} }, true],
    ['scope-mismatch', { placement: 'query' }, false],
    ['scope-mismatch', { about: { parameter: 'a' } }, true],
    ['scope-mismatch', { about: { part: 'region' } }, false],
    ['signature-mismatch', { placement: 'query', about: {} }, false],
    ['expired', { placement: 'query', about: { parameter: 'a' } }, false],
  ])('%s with %j is of a query: %s', (reason, more, is) =>
    expect(isOfQuery(shown(reason, more))).toBe(is),
  )
})

describe("S3's message", () => {
  const MISMATCH = /^The request signature we calculated does not match/
  it.each<[Shown['reason'], Partial<Shown>, string | RegExp]>([
    ['signature-mismatch', {}, MISMATCH],
    ['chunk-mismatch', {}, MISMATCH],
    ['expired', {}, 'Request has expired'],
    ['missing-authentication', {}, 'The thing is wrong.'],
    [
      'missing-authentication',
      { about: { part: 'date' } },
      'AWS authentication requires a valid Date or x-amz-date header',
    ],
    [
      'unsupported-algorithm',
      { about: { header: 'authorization' } },
      'Unsupported Authorization Type',
    ],
    ['unsupported-algorithm', { about: { part: 'algorithm' } }, 'The thing is wrong.'],
    [
      'unsupported-algorithm',
      {},
      /^The authorization mechanism you have provided is not supported/,
    ],
    ['payload-mismatch', {}, 'The thing is wrong.'],
    [
      'payload-mismatch',
      { about: { header: 'x' } },
      /^x must be UNSIGNED-PAYLOAD, STREAMING-.* or a valid sha256 value\.$/,
    ],
    ['replayed', {}, 'The thing is wrong.'],
  ])('of %s with %j', (reason, more, said) => {
    const message = s3Message(shown(reason, more))
    if (typeof said === 'string') expect(message).toBe(said)
    else expect(message).toMatch(said)
  })

  it.each<[Shown['about'] & object, Shown['reason'], string]>([
    [{ part: 'algorithm' }, 'unsupported-algorithm', 'X-Amz-Algorithm'],
    [{ part: 'credential' }, 'malformed-authorization', 'X-Amz-Credential'],
    [{ part: 'expires' }, 'malformed-authorization', 'X-Amz-Expires'],
    [{ part: 'region' }, 'scope-mismatch', 'X-Amz-Credential'],
    [{ part: 'service' }, 'scope-mismatch', 'X-Amz-Credential'],
    [{ part: 'date' }, 'scope-mismatch', 'X-Amz-Credential'],
    [{ part: 'date' }, 'malformed-authorization', 'X-Amz-Date'],
    [{ part: 'signature' }, 'malformed-authorization', 'X-Amz-Signature'],
    [{ part: 'signed-headers' }, 'malformed-authorization', 'X-Amz-SignedHeaders'],
    [{ part: 'signed-headers', parameter: 'X-Own' }, 'malformed-authorization', 'X-Own'],
  ])('about %j of a URL, %s, names %s', (about, reason, name) => {
    const more = { about, placement: 'query' as const }
    expect(s3Message(shown(reason, more))).toBe(
      `Error parsing the ${name} parameter; the thing is wrong.`,
    )
    const own = { ...more, message: `${name} is wrong. The end.` }
    expect(s3Message(shown(reason, own))).toBe(own.message)
  })

  it('of a URL that lacks a parameter names them all', () =>
    expect(
      s3Message(shown('malformed-authorization', { about: { parameter: 'X-Amz-Date' } })),
    ).toMatch(/^Query-string .* X-Amz-Expires parameters, each once\. The thing is wrong\.$/))
})

describe('the message of the other protocols', () => {
  it.each<[Shown['reason'], Date, Date, string]>([
    [
      'clock-skew',
      request,
      later,
      'Signature expired: 20150830T123600Z is now earlier than 20150830T132100Z (20150830T133600Z - 15 min.)',
    ],
    [
      'clock-skew',
      later,
      request,
      'Signature not yet current: 20150830T133600Z is still later than 20150830T125100Z (20150830T123600Z + 15 min.)',
    ],
    [
      'not-yet-valid',
      request,
      later,
      'Signature not yet current: 20150830T123600Z is still later than 20150830T135100Z (20150830T133600Z + 15 min.)',
    ],
    [
      'expired',
      request,
      request,
      'Signature expired: 20150830T123600Z is now earlier than 20150830T122100Z (20150830T123600Z - 15 min.)',
    ],
  ])('of %s tells the times', (reason, request, server, said) =>
    expect(plainMessage(shown(reason, { times: { request, server } }))).toBe(said),
  )

  it('of a wrong signature tells what was signed, as far as it may', () => {
    expect(plainMessage(shown('signature-mismatch', { trace }))).toMatch(
      /^The request signature [^\n]*\n\nThe Canonical String for this request should have been\n'GET\n\/é'\n\nThe String-to-Sign should have been\n'A\nB'\n$/,
    )
    const bare = { ...trace, canonicalRequest: '' }
    expect(plainMessage(shown('signature-mismatch', { trace: bare }))).toMatch(
      /^The request signature [^\n]*\n\nThe String-to-Sign should have been\n'A\nB'\n$/,
    )
    expect(plainMessage(shown('signature-mismatch'))).toMatch(/^The request signature [^\n]*$/)
    expect(plainMessage(shown('replayed', { trace }))).toBe('The thing is wrong.')
  })
})

describe('what S3 adds', () => {
  it.each<[Shown['reason'], Partial<Shown>, string]>([
    ['signature-mismatch', {}, ''],
    [
      'signature-mismatch',
      { presented },
      '<AWSAccessKeyId>AKID</AWSAccessKeyId><SignatureProvided>f00</SignatureProvided>',
    ],
    [
      'signature-mismatch',
      { trace },
      '<StringToSign>A\nB</StringToSign><StringToSignBytes>41 0a 42</StringToSignBytes><CanonicalRequest>GET\n/\u00e9</CanonicalRequest><CanonicalRequestBytes>47 45 54 0a 2f c3 a9</CanonicalRequestBytes>',
    ],
    ['unknown-access-key', { presented }, '<AWSAccessKeyId>AKID</AWSAccessKeyId>'],
    ['unknown-access-key', {}, ''],
    ['unsigned-headers', { about: { header: 'a' } }, '<HeadersNotSigned>a</HeadersNotSigned>'],
    ['payload-mismatch', { about: { header: 'a' } }, '<ArgumentName>a</ArgumentName>'],
    ['unsupported-algorithm', { about: { header: 'a' } }, '<ArgumentName>a</ArgumentName>'],
    ['payload-mismatch', {}, ''],
    ['clock-skew', {}, ''],
    [
      'clock-skew',
      { times: { request, server: later } },
      '<RequestTime>20150830T123600Z</RequestTime><ServerTime>2015-08-30T13:36:00Z</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>',
    ],
    [
      'expired',
      { times: { request, server: later }, about: { header: 'a' }, presented, trace },
      '',
    ],
  ])('to %s with %j', (reason, more, added) =>
    expect(elements(s3Details(shown(reason, more)))).toBe(added),
  )

  it.each<[Shown['reason'], Partial<Shown>, string | undefined, string | undefined]>([
    ['scope-mismatch', { about: { part: 'region' } }, 'r', 'r'],
    [
      'scope-mismatch',
      { about: { part: 'region' }, expected: { region: ['a', 'b'] } },
      undefined,
      'a',
    ],
    ['scope-mismatch', { about: { part: 'region' }, expected: { region: 'a' } }, 'r', 'r'],
    ['scope-mismatch', { about: { part: 'region' } }, undefined, undefined],
    ['scope-mismatch', { about: { part: 'region' }, trace }, 'r', undefined],
    ['scope-mismatch', { about: { part: 'service' } }, 'r', undefined],
    ['scope-mismatch', {}, 'r', undefined],
    ['expired', { about: { part: 'region' } }, 'r', undefined],
  ])('to %s with %j and the region %s: %s', (reason, more, given, region) =>
    expect(regionOf(shown(reason, more), given)).toBe(region),
  )
})

describe('what may be shown', () => {
  const refused = (reason: string, more: object = {}) =>
    ({ ok: false, reason, message: 'm', status: 400, ...more }) as never
  const whole = {
    ...{ about: { part: 'date' }, times: { request, server: later }, code: 'C', size: 0 },
    ...{ condition: ['eq', '$a', 'b'], expected: { region: 'r' }, placement: 'query' },
  }

  it('is all of a refusal, in the words of AWS', () => {
    expect(shownOf(refused('expired', { ...whole, trace, presented, cause: 1 }), 'aws')).toEqual({
      ...{ reason: 'expired', message: 'm', status: 400, ...whole, trace, presented },
    })
    expect(shownOf(refused('expired'), 'aws')).toEqual({
      ...{ reason: 'expired', message: 'm', status: 400, placement: undefined },
    })
  })

  it('is nothing of what was signed, coarsely', () =>
    expect(shownOf(refused('expired', { ...whole, trace, presented }), 'coarse')).toEqual({
      ...{ reason: 'expired', message: 'm', status: 400, ...whole },
    }))

  it.each<[string, object, string]>([
    ['unknown-access-key', {}, 'signature-mismatch'],
    ['invalid-session-token', {}, 'signature-mismatch'],
    ['signature-mismatch', {}, 'signature-mismatch'],
    ['scope-mismatch', { trace }, 'signature-mismatch'],
    ['scope-mismatch', { ofKey: true }, 'signature-mismatch'],
    ['scope-mismatch', { ofKey: false }, 'scope-mismatch'],
    ['scope-mismatch', {}, 'scope-mismatch'],
    ['expired', { trace, ofKey: true }, 'expired'],
  ])('of %s with %j, coarsely, is %s', (reason, more, told) => {
    const coarse = shownOf(refused(reason, { ...more, presented }), 'coarse')
    expect(coarse).toMatchObject({
      reason: told,
      status: told === 'signature-mismatch' ? 403 : 400,
    })
    if (told === 'signature-mismatch')
      expect(coarse).toEqual({ reason: told, message: 'm', status: 403 })
  })

  it('is the fault of a body, as a sentence', () => {
    const fault = new CountersignError('chunk-mismatch', 'the chunk is another.')
    expect(shownOf(fault as never, 'aws')).toEqual({
      ...{ reason: 'chunk-mismatch', message: 'The chunk is another.', status: 403 },
    })
    const about = Object.assign(new CountersignError('invalid-checksum', 'a'), {
      about: { header: 'b' },
    })
    expect(shownOf(about as never, 'coarse')).toMatchObject({ status: 400, about: { header: 'b' } })
  })

  it.each<[string, string, number]>([
    ['body-limit', 'EntityTooLarge', 400],
    ['checksum-mismatch', 'BadDigest', 400],
    ['chunk-limit', 'InvalidRequest', 400],
    ['chunk-mismatch', 'SignatureDoesNotMatch', 403],
    ['invalid-checksum', 'InvalidRequest', 400],
    ['invalid-chunk', 'IncompleteBody', 400],
    ['length-mismatch', 'IncompleteBody', 400],
    ['missing-length', 'MissingContentLength', 411],
    ['payload-mismatch', 'XAmzContentSHA256Mismatch', 400],
    ['small-chunk', 'InvalidChunkSizeError', 400],
    ['trailer-mismatch', 'MalformedTrailerError', 400],
    ['unknown-checksum', 'InvalidRequest', 400],
  ])('is the fault of a body: %s as %s, %i', (code, s3, status) => {
    const told = shownOf(new CountersignError(code as never, 'A b.') as never, 'aws')
    expect(told).toEqual({ reason: code, message: 'A b.', status })
    expect(codesOf(told).s3).toBe(s3)
  })

  it('is a text of the sender up to so many characters', () => {
    const texts = { canonicalRequest: 'abcd', stringToSign: 'abcde' }
    const given = { accessKeyId: 'abcd', signature: 'abcde' }
    const fault = refused('expired', { trace: { ...trace, ...texts }, presented: given })
    expect(shownOf(fault, 'aws', 5)).toMatchObject({ trace: texts, presented: given })
    expect(shownOf(fault, 'aws', 4)).toMatchObject({
      trace: { canonicalRequest: 'abcd', stringToSign: '' },
      presented: { accessKeyId: 'abcd', signature: '' },
    })
  })

  it('is that a key is held for another scope, to those who are told all', () => {
    expect(shownOf(refused('scope-mismatch', { ofKey: true }), 'aws')).toHaveProperty('ofKey', true)
    expect(shownOf(refused('scope-mismatch'), 'aws')).not.toHaveProperty('ofKey')
    expect(shownOf(refused('scope-mismatch'), 'aws')).not.toHaveProperty('size')
  })

  it('is who presented what, where, and not in a log', () => {
    const statement = { claim: { accessKeyId: 'AKID' }, signature: 'f00' }
    const known = (fields: object) => ({ received: { fields }, statement }) as never
    const told = withPresented(refused('expired'), known({ authorization: 'a' }), { region: 'r' })
    expect(told).toMatchObject({ presented, placement: 'header', expected: { region: 'r' } })
    expect(Object.keys(told)).toEqual(['ok', 'reason', 'message', 'status'])
    expect(withPresented(refused('expired'), known({}), {})).toMatchObject({ placement: 'query' })
    const nothing = withPresented(refused('expired'), { refusal: refused('expired') }, {})
    expect(nothing).toMatchObject({ presented: undefined, placement: undefined })
  })
})

describe('the fields of a refusal', () => {
  it('are written, but of a wrong signature', () => {
    expect(formatRefusal(shown('expired', { about: { header: 'a' } }))).toEqual({
      ...{ reason: 'expired', header: 'a' },
    })
    expect(formatRefusal(shown('expired'))).toEqual({ reason: 'expired' })
    expect(formatRefusal(shown('signature-mismatch', { about: { header: 'a' } }))).toEqual({})
  })

  it.each<[Record<string, unknown>, object | undefined]>([
    [{ reason: 'expired' }, { reason: 'expired', about: {} }],
    [
      { reason: 'expired', header: 'a', parameter: 'b', part: 'url' },
      { reason: 'expired', about: { header: 'a', parameter: 'b', part: 'url' } },
    ],
    [
      { reason: 'expired', other: 'a', header: 'a b' },
      { reason: 'expired', about: {} },
    ],
    [
      { reason: 'expired', header: 'a'.repeat(100) },
      { reason: 'expired', about: { header: 'a'.repeat(100) } },
    ],
    [
      { reason: 'expired', header: 'a'.repeat(101) },
      { reason: 'expired', about: {} },
    ],
    [
      { reason: 'expired', header: '' },
      { reason: 'expired', about: {} },
    ],
    [{ header: 'a' }, undefined],
    [{ reason: 1 }, undefined],
    [{ reason: '<a' }, undefined],
    [{ reason: 'a>' }, undefined],
  ])('%j are read as %j', (fields, read) =>
    expect(parseRefusal((name) => fields[name])).toEqual(read),
  )
})

describe('the least size of a request', () => {
  const sizeOf = (canonicalRequest: string, stringToSign = 'A\nB\nscope\nhash') =>
    leastSizeOf({ canonicalRequest, stringToSign })
  const scope = 'scope'.length
  it.each<[string, number]>([
    // The host may be a longer name of ours.
    ['GET\n/a\n\nhost:h\n\nhost\nhash', 'GET\n/a\n\nhost:\n'.length],
    ['GET\n/a\nb=\n\nhost\nhash', 'GET\n/a\nb\n'.length],
    ['GET\n/a\nb=&c=1\n\nhost\nhash', 'GET\n/a\nb&c=1\n'.length],
    ['GET\n/%20\n\n\nhost\nhash', 'GET\n/-\n\n'.length],
    ['GET\n/%2520\n\n\nhost\nhash', 'GET\n/-\n\n'.length],
    ['GET\n/%C3%BC\n\n\nhost\nhash', 'GET\n/-\n\n'.length],
    ['GET\n/%25C2%25A0\n\n\nhost\nhash', 'GET\n/-\n\n'.length],
    ['GET\n/%C4%BC\n\n\nhost\nhash', 'GET\n/--\n\n'.length],
    ['GET\n/%c3\n\n\nhost\nhash', 'GET\n/%c3\n\n'.length],
  ])('by %j', (canonical, size) => expect(sizeOf(canonical)).toBe(size + scope))

  it('has what a query tells of its signature once', () => {
    const query = 'X-Amz-Credential=AKID%2Fscope&b='
    const texts = {
      canonicalRequest: `GET\n/\n${query}\n\nhost\nhash`,
      stringToSign: 'A\nB\nscope\nhash',
    }
    const sent = 'GET\n/\nX-Amz-Credential=AKID-scope&b\n'.length
    expect(leastSizeOf(texts, { accessKeyId: 'AKID', signature: 'f00' })).toBe(sent + 3)
  })

  it('has what was presented', () => {
    const texts = { canonicalRequest: 'a\nb\nc', stringToSign: '' }
    expect(leastSizeOf(texts)).toBe(1)
    expect(leastSizeOf(texts, presented)).toBe(1 + 'AKIDf00'.length)
    expect(leastSizeOf(texts, {})).toBe(1)
  })
})
