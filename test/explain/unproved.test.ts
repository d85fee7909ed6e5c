import { explain, presign, type ServerExplainOptions, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { KEY, NOW, SECRET } from './client-case.ts'
import { serverOptions } from './faults.ts'

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a'
const client = { service: 's3', region: 'eu-west-1', credentials: KEY }
const then = { ...client, signingDate: NOW }
const later = new Date('2026-11-24T13:00:00Z')
const xml = (code: string, message: string, more = '') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`
const ENDPOINT = '<Endpoint>bucket.s3.eu-central-1.amazonaws.com</Endpoint>'

describe('what is said where no signature proves it', () => {
  it.each([
    ['PermanentRedirect', ENDPOINT, 'wrong-region', 'another endpoint'],
    ['TemporaryRedirect', ENDPOINT, 'wrong-region', 'bucket.s3.eu-central-1.amazonaws.com'],
    ['AuthFailure', '', 'wrong-secret', 'does not know the access key id, or has another secret'],
  ])('of %s is likely', async (code, more, cause, words) => {
    const request = await sign({ url }, client)
    const serverError = xml(code, 'No.', more)
    const why = await explain(request, { ...client, serverError })
    expect([why.cause, why.certain, why.matches]).toEqual([cause, false, false])
    expect(why.message).toContain(words)
    expect(String(why)).not.toContain('Proved')
  })

  it.each([
    ['AccessDenied', xml('AccessDenied', 'Access Denied')],
    ['{"message":"Forbidden"}', '{"message":"Forbidden"}'],
    ['nothing', ''],
  ])('of %s is that the server answers so', async (_, serverError) => {
    const request = await sign({ url }, client)
    const why = await explain(request, { ...client, serverError })
    expect(why.matches).toBe(true)
    expect(why.message).toMatch(/^The signature matches what is signed here; the server answers/)
  })

  it('of a denial by IAM is told whole, and sends to the policies', async () => {
    const words =
      'User: arn:aws:sts::123456789012:assumed-role/reader/session is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/items'
    const request = await sign({ url }, client)
    const why = await explain(request, {
      ...client,
      serverError: JSON.stringify({ Message: words }),
    })
    expect(why.message).toContain(words)
    expect(why.advice).toContain('IAM policies')
    const odd = await explain(request, { ...client, serverError: '<html>502</html>' })
    expect(odd.advice).toContain('another fault than the signature')
  })

  it('of a request that is no longer taken is its time', async () => {
    const kept = await sign({ url }, then)
    const old = await explain(kept, client)
    expect(old.message).toContain('is of 2026-11-24T12:00:00Z')
    const now = await sign({ url }, client)
    const fresh = await explain(now, client)
    expect(fresh.message).toBe('The signature matches.')
  })

  it('of a path that verify refuses is that it does', async () => {
    const {
      signature: _,
      trace,
      ...received
    } = await sign(
      { url: 'https://abc.execute-api.eu-west-1.amazonaws.com//a' },
      { ...then, service: 'execute-api' },
    )
    const given: ServerExplainOptions = serverOptions
    const headers = { ...received.headers, host: 'abc.execute-api.eu-west-1.amazonaws.com' }
    const request = { ...received, url: '//a', headers, body: '' }
    const { pathForm: __, ...strict } = given
    expect((await explain(request, strict)).message).toContain('verify refuses the path')
    expect((await explain(request, { ...given, pathForm: 'any' })).message).toBe(
      'The signature matches.',
    )
  })
})

describe('an expired URL', () => {
  it('is told to be no more than that, or to have another signature too', async () => {
    const { url: presigned } = await presign({ url }, { ...then, expiresIn: 600 })
    const host = 'bucket.s3.eu-west-1.amazonaws.com'
    const received = {
      method: 'GET',
      url: presigned.replace(`https://${host}`, ''),
      headers: { host },
    }
    const late = { ...serverOptions, now: later }
    const right = await explain(received, late)
    expect([right.causes, right.certain]).toEqual([['expired'], true])
    expect(right.findings[0]?.message).toMatch(
      /^The presigned URL expired \d+ (minutes|hours?|days?) ago\.$/,
    )
    const wrong = await explain({ ...received, url: `${received.url}&a=b` }, late)
    expect([wrong.causes, wrong.certain]).toEqual([['expired'], true])
    expect(wrong.message).toContain('Nor is the signature that of the request and key.')
  })

  it('is not told to be unsigned where its & became &amp;', async () => {
    const { url: presigned } = await presign({ url: `${url}?b=1` }, { ...then, expiresIn: 600 })
    const received = { method: 'GET', url: presigned.replace(/&/g, '&amp;'), headers: {} }
    const why = await explain(received, { ...serverOptions, now: later })
    expect(why.causes).toEqual(['query-html-escaped'])
  })
})

describe('a request signed by Signature Version 2', () => {
  const query = `${url}?AWSAccessKeyId=AKIDEXAMPLE&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D&Expires=1764000000`
  const headers = { authorization: 'AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=' }
  const asked: readonly (readonly [string, { url: string; headers?: Record<string, string> }])[] = [
    ['its query', { url: query }],
    ['its header', { url, headers }],
  ]

  it.each(asked)('in %s is told so to client and server', async (_, request) => {
    for (const options of [
      client,
      { ...client, serverError: xml('AccessDenied', 'Access Denied') },
      { ...serverOptions, service: 's3' },
    ]) {
      const received = { method: 'GET', ...request, body: '' }
      const why = await explain(received, options as typeof serverOptions)
      expect([why.cause, why.certain]).toEqual(['unsupported-algorithm', true])
      expect(why.message).toContain('Signature Version 2')
      expect(`${why}${JSON.stringify(why)}`).not.toMatch(/vjbyPxy|frJIUN8/)
    }
  })
})

describe('the token of S3 Express', () => {
  const credentials = { ...KEY, secretAccessKey: SECRET, sessionToken: 'SESSION+token/=' }
  const given = { ...then, service: 's3express', credentials }
  const host = 'bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com'

  it.each(['x-amz-s3session-token', 'x-amz-security-token'])(
    'is not said to be missing or another where it stands in %s',
    async (sessionTokenName) => {
      const { headers } = await sign({ url: `https://${host}/a` }, { ...given, sessionTokenName })
      const why = await explain(
        { method: 'GET', url: '/a', headers: { ...headers, host } },
        { ...serverOptions, service: 's3express', credentials: () => credentials },
      )
      if (!why.matches) expect(why.message).toContain(`stands in ${sessionTokenName}`)
    },
  )
})
