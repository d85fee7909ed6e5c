import { describe, expect, it } from 'vitest'
import {
  formatCanonicalRequest,
  formatStringToSign,
  parseCanonicalRequest,
} from '../../src/canonical/canonical-request.ts'
import { expiryOf } from '../../src/canonical/expiry.ts'
import { withProfile } from '../../src/canonical/profile.ts'
import { redact, redactTrace } from '../../src/canonical/redact.ts'
import { formatScope, stampOf, stampOnce } from '../../src/canonical/scope.ts'
import { parameterOf, tokenNameOf } from '../../src/canonical/token-name.ts'
import { checkWords } from '../../src/canonical/words.ts'

const date = new Date('2015-08-30T12:36:00.999Z')

describe('the texts that are signed', () => {
  it('are six parts and four lines', () => {
    const request = formatCanonicalRequest('M', '/p', 'q', 'a:1\nhost:h\n', 'a;host', 'x')
    expect(request).toBe('M\n/p\nq\na:1\nhost:h\n\na;host\nx')
    expect(parseCanonicalRequest(request)).toEqual({
      ...{ method: 'M', path: '/p', query: 'q', signedHeaders: 'a;host', payloadHash: 'x' },
      headers: [
        ['a', '1'],
        ['host', 'h'],
      ],
    })
    for (const none of ['', 'M\n/p\nq\n\nx', 'M\n/p\nq\na:1\nhost:h\na;host\nx'])
      expect(parseCanonicalRequest(none)).toBeUndefined()
    expect(formatStringToSign('A', 'D', 'S', 'H')).toBe('A\nD\nS\nH')
  })
})

describe('when a signature ends', () => {
  const in10 = new Date('2015-08-30T12:36:10.000Z')
  it.each<[string, number, Date | undefined, Date]>([
    ['after its seconds, whole ones', 10, undefined, in10],
    [
      'with the credentials where they end before',
      10,
      new Date(Number(in10) - 1),
      new Date(Number(in10) - 1),
    ],
    ['after its seconds where they end later', 10, new Date(Number(in10) + 1), in10],
    ['after a second', 1, undefined, new Date('2015-08-30T12:36:01.000Z')],
    ['after a week', 604800, undefined, new Date('2015-09-06T12:36:00.000Z')],
  ])('%s', (_, seconds, expiration, end) =>
    expect(expiryOf(date, seconds, expiration)).toEqual(end),
  )

  it.each([0, -1, 0.5, 1.5, 604801, Number.NaN, Number.POSITIVE_INFINITY, '900'])(
    'is not after %s seconds',
    (seconds) =>
      expect(() => expiryOf(date, seconds as number)).toThrow(
        expect.objectContaining({ code: 'invalid-expiry' }),
      ),
  )

  it('leaves the date as it is', () => {
    const own = new Date(date)
    expiryOf(own, 10)
    expect(own).toEqual(date)
  })
})

describe('a scope', () => {
  it('is a day, a region and a service', () => {
    const scope = { region: 'eu-west-1', service: 's3' }
    expect(formatScope('20150830T123600Z', scope)).toBe('20150830/eu-west-1/s3/aws4_request')
    expect(stampOf(date, scope)).toEqual(['20150830T123600Z', '20150830/eu-west-1/s3/aws4_request'])
  })

  it.each(['', 'a/b', 'a b', '\n', 'a\n', ' a', 'ü', '\x7f', undefined])('is not of %j', (name) => {
    for (const scope of [
      { region: name as string, service: 's3' },
      { region: 'eu-west-1', service: name as string },
    ])
      expect(() => formatScope('20150830', scope)).toThrow(
        expect.objectContaining({ code: 'invalid-scope' }),
      )
  })

  it.each(['!', '.', '0', '~', '-', 'a~!.0'])('may have %j', (name) =>
    expect(formatScope('20150830', { region: name, service: name })).toBe(
      `20150830/${name}/${name}/aws4_request`,
    ),
  )

  it('is stamped once for a date, region and service', () => {
    const stamp = stampOnce()
    const scope = { region: 'r', service: 's' }
    const first = stamp(date, scope)
    expect(first).toEqual(stampOf(date, scope))
    expect(stamp(date, { ...scope })).toBe(first)
    const others = [
      [date, { ...scope, region: 'q' }],
      [date, { ...scope, service: 't' }],
      [new Date('2016-01-01'), scope],
    ] as [Date, typeof scope][]
    for (const other of others) {
      expect(stamp(...other)).toEqual(stampOf(...other))
      expect(stamp(date, scope)).toEqual(first)
    }
  })
})

describe('a session token', () => {
  const request =
    'GET\n/X-Amz-Security-Token=path\nX-Amz-Security-Token=a%2Fb&a=1\nhost:h\nx-amz-security-token:a/b c\nx-amz-date:d\n\nx-amz-security-token\nhash'

  it('is not shown, wherever it stands in a canonical request', () => {
    const shown = redact(request)
    expect(shown).not.toMatch(/a\/b|a%2Fb/)
    expect(shown).toContain('\nX-Amz-Security-Token=…&a=1\n')
    expect(shown).toContain('\nx-amz-security-token:…\nx-amz-date:d\n\nx-amz-security-token\n')
  })

  it.each<[string, string | undefined, string]>([
    ['x-amz-s3session-token:a', undefined, 'x-amz-s3session-token:…'],
    ['X-Amz-S3session-Token=a', undefined, 'X-Amz-S3session-Token=…'],
    ['a=1&x-amz-security-token=b&c=2', undefined, 'a=1&x-amz-security-token=…&c=2'],
    ['?X-Amz-Security-Token=b\nc', undefined, '?X-Amz-Security-Token=…\nc'],
    ['x-my.token:a\nx-my-token:b', 'x-my.token', 'x-my.token:…\nx-my-token:b'],
    ['X-My.Token=a&X-My-Token=b', 'x-my.token', 'X-My.Token=…&X-My-Token=b'],
    ['ax-amz-security-token=b', undefined, 'ax-amz-security-token=…'],
    ['-X-Amz-Security-Token=b', undefined, '-X-Amz-Security-Token=…'],
    ['ax-amz-security-token:b', undefined, 'ax-amz-security-token:…'],
    ['X_AMZ_Security_Token:b&c\nd:e', undefined, 'X_AMZ_Security_Token:…\nd:e'],
    ['X-Amz-Security-Token%3Db&c', undefined, 'X-Amz-Security-Token%3D…&c'],
    [
      'x%252damz%252dsecurity%252dtoken%25253db',
      undefined,
      'x%252damz%252dsecurity%252dtoken%25253d…',
    ],
    ['continuation-token=b&NextToken=c', undefined, 'continuation-token=b&NextToken=c'],
    ['x=1&amz=2&token=b', undefined, 'x=1&amz=2&token=b'],
    ['x-amz-date:a\n\ntoken:b', undefined, 'x-amz-date:a\n\ntoken:b'],
    ['host;x-amz-security-token\nhash', undefined, 'host;x-amz-security-token\nhash'],
    ['x-my-token%3Da&bx-my-token=c&d', 'x-my-token', 'x-my-token%3D…&bx-my-token=…&d'],
    ['x-amz-security-token:', undefined, 'x-amz-security-token:'],
    ['X-Amz-Security-Token=&a', undefined, 'X-Amz-Security-Token=&a'],
    ['x-amz-token:a', undefined, 'x-amz-token:…'],
    [':a', undefined, ':a'],
    ['?a=1&=b', undefined, '?a=1&=b'],
  ])('%j with the name %j is shown as %j', (text, name, shown) =>
    expect(redact(text, name)).toBe(shown),
  )

  it('is not in a trace that may be shown, nor is the signature', () => {
    const trace = { canonicalRequest: request, stringToSign: 's', credentialScope: 'c' }
    const shown = redactTrace({ ...trace, signedHeaders: ['a'], signature: 'secret' } as never)
    expect(shown).toEqual({ ...trace, canonicalRequest: redact(request), signedHeaders: ['a'] })
    const own = redactTrace({ ...trace, canonicalRequest: 'x-own:a', signedHeaders: [] }, 'x-own')
    expect(own.canonicalRequest).toBe('x-own:…')
  })

  it('has a header, and a parameter as AWS spells it', () => {
    expect(tokenNameOf({})).toBe('x-amz-security-token')
    expect(tokenNameOf({ sessionTokenName: 'X-My-Token' })).toBe('x-my-token')
    expect(parameterOf('x-amz-s3session-token')).toBe('X-Amz-S3session-Token')
  })
})

describe('words of options', () => {
  const words = { a: 'one|two', b: 'three' }
  it.each([{}, { a: 'one' }, { a: 'two', b: 'three' }, { a: undefined }, { a: null }, { c: 'x' }])(
    '%j are known',
    (options) => expect(() => checkWords(options, words)).not.toThrow(),
  )
  it.each([{ a: 'three' }, { b: 'one' }, { a: '' }, { a: 'one|two' }, { a: 1 }, { a: 'on' }])(
    '%j are not',
    (options) =>
      expect(() => checkWords(options, words)).toThrow(
        expect.objectContaining({ code: 'invalid-options' }),
      ),
  )

  it.each([
    ['pathEncoding', ['single', 'double']],
    ['pathNormalization', ['none', 'rfc3986']],
    ['dotSegments', ['refuse', 'literal']],
    ['sessionToken', ['signed', 'appended']],
  ])('%s is one of %j', (name, all) => {
    for (const word of all)
      expect(withProfile({ service: 'a', [name]: word })[name as never]).toBe(word)
    expect(() => withProfile({ service: 'a', [name]: 'x' })).toThrow('invalid-options')
  })
})

describe('what differs per service', () => {
  const s3 = { pathEncoding: 'single', pathNormalization: 'none', contentSha256: 'signed' }
  it.each([
    ['s3', s3],
    ['s3-object-lambda', s3],
    ['s3-outposts', s3],
    ['s3express', { ...s3, sessionTokenName: 'x-amz-s3session-token' }],
    ['aoss', { contentSha256: 'signed' }],
    ['iotdevicegateway', { sessionToken: 'appended' }],
    ['execute-api', {}],
    ['constructor', {}],
  ])('%s', (service, profile) => {
    expect(withProfile({ service })).toEqual({ service, ...profile })
    const own = { pathEncoding: 'double', sessionToken: 'signed', sessionTokenName: 'x' } as const
    expect(withProfile({ service, ...own })).toEqual({ ...profile, service, ...own })
  })
})
