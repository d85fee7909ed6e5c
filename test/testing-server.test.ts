import { once } from 'node:events'
import { get } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { createSigner, presign, type SignOptions, sign } from 'countersign'
import { encodeChunked } from 'countersign/s3'
import { createVerifyingServer, type Verdict, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from './real/certificate.ts'
import { describeWithPart } from './real/parts.ts'
import { exampleKey } from './support/example-key.ts'

let server: VerifyingServer
beforeEach(async () => {
  server = await createVerifyingServer()
})
afterEach(() => server.close())

const of = (service: string, more: Partial<SignOptions> = {}): SignOptions => ({
  service,
  region: 'eu-west-1',
  credentials: server.credentials,
  ...more,
})
const call = async (service: string, path: string, init?: RequestInit, more?: object) => {
  const response = await createSigner(of(service, more)).fetch(server.url + path, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

describe('createVerifyingServer accepts and refuses as AWS does', () => {
  it('records every verdict', async () => {
    await call('s3', '/bucket', { method: 'PUT' })
    await fetch(`${server.url}/bucket`)
    expect(server.verdicts.map(({ result }) => result.ok || result.reason)).toEqual([
      true,
      'missing-authentication',
    ])
    expect(server.verdicts[0]?.request).toMatchObject({ method: 'PUT', url: '/bucket' })
    expect(server.lastVerdict?.result).toMatchObject({ reason: 'missing-authentication' })
  })

  it('takes presigned URLs', async () => {
    const { url } = await presign({ url: `${server.url}/b/k`, method: 'PUT' }, of('s3'))
    expect((await fetch(url, { method: 'PUT', body: 'any' })).status).toBe(200)
    expect((await fetch(`${url}0`, { method: 'PUT', body: 'any' })).status).toBe(403)
    expect(server.verdicts.map(({ result }) => result.ok)).toEqual([true, false])
  })

  it.each([
    ['s3', {}, 'application/xml', '<Code>SignatureDoesNotMatch</Code>'],
    ['dynamodb', {}, 'application/x-amz-json-1.1', '"InvalidSignatureException"'],
    ['sts', {}, 'text/xml', '<Code>SignatureDoesNotMatch</Code>'],
    [
      'sqs',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'text/xml',
      '<Code>SignatureDoesNotMatch</Code>',
    ],
  ])('refuses in the words of %s', async (service, headers, type, code) => {
    const credentials = { ...server.credentials, secretAccessKey: 'wrong' }
    const answer = await call(service, '/', { method: 'POST', headers }, { credentials })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.body).toContain(code)
  })

  it('answers a sender that breaks off in the middle of a body', async () => {
    const put = { method: 'PUT', url: `${server.url}/bucket/key`, body: 'four, and more' }
    const send = async (secretAccessKey: string) => {
      const credentials = { ...server.credentials, secretAccessKey }
      const { headers } = await sign(put, of('s3', { credentials }))
      const fields = { ...headers, host: `127.0.0.1:${server.port}`, 'content-length': '14' }
      const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
      const socket = connect(server.port, '127.0.0.1')
      socket.end(`PUT /bucket/key HTTP/1.1\r\n${head.join('')}\r\nfour`)
      return text(socket)
    }
    const answer = await send(server.credentials.secretAccessKey)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('<Code>IncompleteBody</Code>')
    const { request, result } = server.lastVerdict as Verdict
    expect(Buffer.from(request.body ?? '').toString()).toBe('four')
    expect(result).toMatchObject({ ok: false, reason: 'payload-mismatch' })
    // Who it is comes first.
    expect(await send('wrong')).toContain('<Code>SignatureDoesNotMatch</Code>')
    expect(server.verdicts.map((it) => it.result.ok)).toEqual([false, false])
  })

  it('answers what is no HTTP with a 400, and goes on', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.end('four\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect((await call('s3', '/')).status).toBe(200)
  })

  it('keeps the key out of its own representation', () => {
    expect(inspect(server) + JSON.stringify(server)).not.toContain(
      server.credentials.secretAccessKey,
    )
  })
})

describe('createVerifyingServer takes options', () => {
  const withServer = async (options: Parameters<typeof createVerifyingServer>[0]) => {
    await server.close()
    server = await createVerifyingServer(options)
  }

  it('a key, a lookup', async () => {
    const credentials = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x', sessionToken: 'y' }
    await withServer({ credentials })
    expect(server.credentials).toBe(credentials)
    expect((await call('sts', '/')).status).toBe(200)
    await withServer({ credentials: (id) => (id === 'AKIDOTHER' ? credentials : undefined) })
    expect((await call('sts', '/', {}, { credentials })).status).toBe(200)
    // A lookup alone knows its keys.
    expect(server.credentials).toBeUndefined()
    expect((await call('sts', '/', {}, { credentials: exampleKey })).status).toBe(403)
  })

  it('region, service and the rest of what verify takes', async () => {
    await withServer({ region: 'us-east-1', service: 's3' })
    expect((await call('s3', '/')).body).toContain('AuthorizationHeaderMalformed')
    expect((await call('s3', '/', {}, { region: 'us-east-1' })).status).toBe(200)
    expect((await call('sts', '/', {}, { region: 'us-east-1' })).status).toBe(400)
  })

  it('a clock, fixed or running', async () => {
    const signingDate = new Date('2015-08-30T12:36:00Z')
    await withServer({ now: signingDate })
    expect((await call('s3', '/', {}, { signingDate })).status).toBe(200)
    await withServer({ now: () => new Date(Number(signingDate) + 1_000_000) })
    expect((await call('s3', '/', {}, { signingDate })).body).toContain('RequestTimeTooSkewed')
  })

  it('a clock that its clients set theirs by', async () => {
    await withServer({ now: () => new Date(Date.now() + 3_600_000) })
    const list = { method: 'POST', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } }
    expect((await call('dynamodb', '/', { ...list, body: '{}' })).status).toBe(200)
    expect(server.verdicts.map(({ result }) => result.ok || result.reason)).toEqual([
      'clock-skew',
      true,
    ])
  })

  it('answers of one’s own', async () => {
    await withServer({
      answer: ({ url }, { scope }) =>
        url === '/own' ? { status: 201, headers: { a: 'b' }, body: scope.service } : undefined,
    })
    expect(await call('execute-api', '/own')).toMatchObject({ status: 201, body: 'execute-api' })
    expect(await call('execute-api', '/other')).toMatchObject({ status: 200, body: '{}' })
  })

  it('answers 500 where an answer throws', async () => {
    await withServer({
      answer: () => {
        throw new Error('oops')
      },
    })
    expect(await call('s3', '/')).toMatchObject({ status: 500 })
  })
})

describe('its S3', () => {
  const put = (path: string, body: string, headers = {}) =>
    call('s3', path, { method: 'PUT', body, headers })

  it('keeps objects with their headers', async () => {
    const headers = { 'content-type': 'text/x', 'x-amz-meta-a': 'b' }
    await put('/bucket/a%20b%2Bc', 'text', headers)
    const got = await call('s3', '/bucket/a%20b%2Bc')
    expect(got).toMatchObject({ status: 200, body: 'text' })
    expect(Object.fromEntries(got.headers)).toMatchObject({
      ...headers,
      etag: '"1cb251ec0d568de6a929b520c4aed8d1"',
    })
    expect(
      await call('s3', '/bucket/a%20b%2Bc', { headers: { range: 'bytes=1-2' } }),
    ).toMatchObject({ status: 206, body: 'ex' })
    const head = await call('s3', '/bucket/a%20b%2Bc', { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('4')
    expect((await call('s3', '/bucket/a%20b%2Bc', { method: 'DELETE' })).status).toBe(204)
    expect((await call('s3', '/bucket/a%20b%2Bc')).body).toContain('<Code>NoSuchKey</Code>')
  })

  it('lists by prefix, delimiter and page', async () => {
    for (const key of ['a', 'b/1', 'b/2', 'c&', 'd']) {
      await put(`/bucket/${key.replace('&', '%26')}`, 'text')
    }
    const all = (await call('s3', '/bucket?list-type=2')).body
    expect(all.match(/<Key>[^<]*/g)).toEqual(
      ['a', 'b/1', 'b/2', 'c&amp;', 'd'].map((k) => `<Key>${k}`),
    )
    const folded = (await call('s3', '/bucket?list-type=2&delimiter=/&max-keys=2')).body
    expect(folded).toContain('<Key>a</Key>')
    expect(folded).toContain('<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>')
    const [, next = ''] = /<NextContinuationToken>(.*?)</.exec(folded) ?? []
    const rest = `/bucket?list-type=2&delimiter=/&continuation-token=${encodeURIComponent(next)}`
    expect((await call('s3', rest)).body).toMatch(/<IsTruncated>false.*<Key>c&amp;.*<Key>d</s)
    expect((await call('s3', '/bucket?prefix=b/&encoding-type=url')).body).toMatch(/b\/1.*b\/2/s)
  })

  it('says what it does not know, and does not pretend', async () => {
    await put('/bucket/key', 'text')
    expect((await call('s3', '/bucket/key?acl')).status).toBe(501)
    expect((await call('s3', '/bucket/key?tagging', { method: 'PUT' })).status).toBe(501)
    expect((await call('s3', '/none?list-type=2')).body).toContain('<Code>NoSuchBucket</Code>')
    expect((await call('s3', '/bucket/key?uploadId=none', { method: 'POST' })).status).toBe(404)
  })

  describe('takes aws-chunked bodies', () => {
    const upload = async (change = (text: string) => text) => {
      const { region, credentials } = of('s3')
      const request = { url: `${server.url}/bucket/key` }
      const signed = await encodeChunked(request, 'abcde', { region, credentials })
      const { 'content-length': _, ...headers } = signed.headers
      const framed = await new Response(signed.body as ReadableStream).text()
      const response = await fetch(signed.url, { method: 'PUT', headers, body: change(framed) })
      return { status: response.status, body: await response.text() }
    }

    it('signed chunk by chunk', async () => {
      expect((await upload()).status).toBe(200)
      expect((await call('s3', '/bucket/key')).body).toBe('abcde')
      const tampered = await upload((framed) => framed.replace('abcde', 'abcdf'))
      expect(tampered).toMatchObject({
        status: 403,
        body: expect.stringContaining('SignatureDoesNotMatch'),
      })
      expect(server.lastVerdict?.result).toMatchObject({ reason: 'signature-mismatch' })
      expect((await upload((framed) => framed.slice(0, -9))).status).toBe(400)
      expect((await upload((framed) => `x${framed}`)).status).toBe(400)
    })

    // RFC 3720 and the catalogue of CRCs give these values for the nine digits.
    it.each([
      ['crc32', 'cbf43926'],
      ['crc32c', 'e3069283'],
      ['crc64nvme', 'ae8b14860a799888'],
      ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
      ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
      ['md5', '25f9e794323b453885f5181f1b624d0b'],
    ])('unsigned, with a trailing %s', async (name, hex) => {
      const value = Buffer.from(hex, 'hex').toString('base64')
      const field = `x-amz-checksum-${name}`
      const headers = { 'content-encoding': 'aws-chunked', 'x-amz-trailer': field }
      const put = (text: string) => {
        const body = `9\r\n${text}\r\n0\r\n${field}:${value}\r\n\r\n`
        const length = { 'x-amz-decoded-content-length': '9' }
        const payload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
        const init = { method: 'PUT', headers: { ...headers, ...length }, body }
        return call('s3', '/bucket/key', init, { payload })
      }
      expect((await put('123456789')).status).toBe(200)
      expect((await call('s3', '/bucket/key')).body).toBe('123456789')
      expect((await put('123456780')).status).toBe(400)
      expect(server.lastVerdict?.result).toMatchObject({ reason: 'payload-mismatch' })
    })
  })
})

describeWithPart('openssl', 'createVerifyingServer with a certificate', () => {
  it('speaks https', async () => {
    const { key, cert, remove } = makeCertificate()
    const secure = await createVerifyingServer({ tls: { key, cert } })
    try {
      expect(secure.url).toBe(`https://127.0.0.1:${secure.port}`)
      const { url, headers } = await sign({ url: `${secure.url}/` }, of('s3'))
      const [response] = await once(get(url, { headers, ca: cert, agent: false }), 'response')
      expect(await text(response)).toContain('ListAllMyBucketsResult')
    } finally {
      await secure.close()
      remove()
    }
  })
})
