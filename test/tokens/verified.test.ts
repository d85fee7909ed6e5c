import { type Refused, type SigningCredentials, type Verified, verify } from 'countersign'
import { callerIdentity } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { KEYS, now, region } from './common.ts'
import { MAKERS, type Reading } from './makers.ts'

const later = (seconds: number) => new Date(Number(now) + 1000 * seconds)

/** The verdict of the service behind a token, at a time. */
function judged(
  { service, method, url, headers }: Reading,
  credentials: SigningCredentials,
  seconds: number,
): Promise<Verified | Refused> {
  // The host is sent as it is written in the token.
  const [, host = '', target = ''] = /^\w+:\/\/([^/]+)(.*)$/.exec(url) ?? []
  return verify(
    { method, url: target, headers: { host, ...headers } },
    { service, region, credentials: () => credentials as never, now: later(seconds) },
  )
}

const reasonOf = (result: Verified | Refused) => (result.ok ? 'ok' : result.reason)

/** A text with one character of its value changed. */
const altered = (url: string, parameter: string): string => {
  const changed = url.replace(
    new RegExp(`([?&]${parameter}=)(.)`),
    (_, name, first) => `${name}${first === 'a' ? 'b' : 'a'}`,
  )
  expect(changed).not.toBe(url)
  return changed
}

describe.each(KEYS)('with %s', (_, credentials) => {
  describe.each(MAKERS)('$name', ({ make, read, lives, signedFor = lives }) => {
    const made = async () =>
      read((await make({ region, credentials, signingDate: now })).token) as Reading

    it('is accepted by the service behind it, until it ends', async () => {
      const reading = await made()
      expect(reasonOf(await judged(reading, credentials, 1))).toBe('ok')
      expect(reasonOf(await judged(reading, credentials, signedFor - 1))).toBe('ok')
    })

    it('is refused late', async () => {
      const result = await judged(await made(), credentials, signedFor + 1)
      // What states no life is held to the clock.
      expect(['expired', 'clock-skew']).toContain(reasonOf(result))
    })

    it('is refused once altered', async () => {
      const reading = await made()
      const of = (url: string) => judged({ ...reading, url }, credentials, 1).then(reasonOf)
      expect(await of(altered(reading.url, 'X-Amz-Signature'))).toBe('signature-mismatch')
      expect(await of(`${reading.url}&more=1`)).toBe('signature-mismatch')
      expect(await of(reading.url.replace(/\/\/./, '//x'))).toBe('signature-mismatch')
      if (reading.url.includes('Action='))
        expect(await of(altered(reading.url, 'Action'))).toBe('signature-mismatch')
      if (reading.headers) {
        const headers = { 'x-k8s-aws-id': 'another' }
        const result = await judged({ ...reading, headers }, credentials, 1)
        expect(reasonOf(result)).toBe('signature-mismatch')
      }
    })

    it('opens no other service, and nothing in another region', async () => {
      const reading = await made()
      const result = await judged({ ...reading, service: 's3' }, credentials, 1)
      expect(reasonOf(result)).toBe('scope-mismatch')
      const elsewhere = await make({ region: 'us-west-2', credentials, signingDate: now })
      expect(reasonOf(await judged(read(elsewhere.token), credentials, 1))).toBe('scope-mismatch')
    })
  })

  it.each([
    ['body', '/'],
    ['query', '/?Action=GetCallerIdentity&Version=2011-06-15'],
  ] as const)(
    'callerIdentity in the %s is accepted by STS, and refused altered or late',
    async (form, url) => {
      const signed = await callerIdentity({
        ...{ region, credentials, form, signingDate: now, signableHeaders: ['content-length'] },
        headers: { 'x-vault-aws-iam-server-id': 'vault.example.com' },
      })
      const received = {
        method: signed.method,
        url,
        headers: signed.headers,
        body: signed.body ?? '',
      }
      const of = (more: object, seconds = 1) =>
        verify({ ...received, ...more } as never, {
          ...{ service: 'sts', region, credentials: () => credentials, now: later(seconds) },
        }).then(reasonOf)
      expect(await of({})).toBe('ok')
      expect(await of({ body: 'Action=AssumeRole' })).toBe('signature-mismatch')
      expect(await of({ url: '/?Action=AssumeRole' })).toBe('signature-mismatch')
      const headers = { ...signed.headers, 'x-vault-aws-iam-server-id': 'another.example.com' }
      expect(await of({ headers })).toBe('signature-mismatch')
      expect(await of({}, 901)).toBe('clock-skew')
    },
  )
})
