import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner, presign, sign } from 'countersign'
import { type CountersignMatchers, toBeSignedBy } from 'countersign/testing'
import { describe, expect, it } from 'vitest'
import { exampleKey as credentials } from './support/example-key.ts'
import { packAndInstall, root } from './support/packed.ts'

declare module 'vitest' {
  interface Matchers<T> extends CountersignMatchers<Promise<void>> {}
}

expect.extend({ toBeSignedBy })

const wrong = { ...credentials, secretAccessKey: 'another' }
const temporary = { ...credentials, sessionToken: 'the-session-token' }
const s3 = { service: 's3', region: 'eu-west-1', credentials }
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a b?list-type=2'
const request = { method: 'PUT', url, body: 'text', headers: { 'x-amz-meta-a': 'b' } }

describe('toBeSignedBy in vitest', () => {
  it('takes what sign and presign return, at whatever time it was signed', async () => {
    for (const signingDate of [new Date(), new Date(0), new Date('2099-01-01')]) {
      await expect(await sign(request, { ...s3, signingDate })).toBeSignedBy(credentials)
      await expect(await presign(request, { ...s3, signingDate })).toBeSignedBy(credentials)
    }
    const session = await sign(request, { ...s3, credentials: temporary })
    await expect(session).toBeSignedBy(temporary)
    await expect(session).not.toBeSignedBy(credentials)
  })

  it('takes a received request and a Request', async () => {
    const signed = await sign(request, s3)
    const headers = { ...signed.headers, host: 'bucket.s3.eu-west-1.amazonaws.com' }
    const received = { method: 'PUT', url: '/a%20b?list-type=2', headers, body: 'text' }
    await expect(received).toBeSignedBy(credentials)
    for (const sent of [signed.url, `${signed.url}#a`])
      await expect(new Request(sent, signed as RequestInit)).toBeSignedBy(credentials)
  })

  it.each([
    ['text', 'text'],
    ['bytes', new Uint8Array([1, 2])],
    ['a buffer', new Uint8Array([1, 2]).buffer],
    ['a view', new DataView(new ArrayBuffer(4), 1, 2)],
    ['nothing', null],
  ])('reads a body that is %s', async (_, body) => {
    const signed = await sign({ method: 'POST', url, body }, { ...s3, service: 'execute-api' })
    await expect(signed).toBeSignedBy(credentials)
    await expect({ ...signed, body: 'other' }).not.toBeSignedBy(credentials)
  })

  it('leaves a stream unread', async () => {
    const body = new Blob(['text']).stream()
    const payload = 'UNSIGNED-PAYLOAD'
    await expect(await sign({ method: 'PUT', url, body }, { ...s3, payload })).toBeSignedBy(
      credentials,
    )
    expect(body.locked).toBe(false)
  })

  it('takes the options of verify', async () => {
    const signed = await createSigner(s3).sign(request)
    await expect(signed).toBeSignedBy(credentials, { service: 's3', region: 'eu-west-1' })
    await expect(signed).not.toBeSignedBy(credentials, { region: 'us-east-1' })
    await expect(signed).not.toBeSignedBy(credentials, { now: new Date('2099-01-01') })
  })

  it('explains, where it fails, and shows no secret', async () => {
    const signed = await sign({ ...request, url }, s3)
    const failure = async (promise: Promise<void>): Promise<string> =>
      promise.then(
        () => 'no failure',
        (error: Error) => error.message,
      )
    const tampered = { ...signed, url: signed.url.replace('list-type=2', 'list-type=1') }
    const explained = await failure(expect(tampered).toBeSignedBy(credentials))
    expect(explained).toContain('expected the request to be signed by AKIDEXAMPLE')
    expect(explained).toContain('list-type=1')
    const { trace } = signed
    expect(explained).not.toContain(trace.signature)
    expect(explained).not.toContain(credentials.secretAccessKey)
    expect(await failure(expect(signed).toBeSignedBy(wrong))).not.toContain(trace.signature)
    expect(await failure(expect({ method: 'GET', url }).toBeSignedBy(credentials))).toMatch(
      /not signed/,
    )
    expect(await failure(expect(signed).not.toBeSignedBy(credentials))).toContain(
      'expected the request not to be signed by AKIDEXAMPLE',
    )
  })
})

describe('toBeSignedBy of nothing, as no request arrived', () => {
  it('fails as a test fails, and so does its opposite', async () => {
    const said = /^expected a request to be signed by AKIDEXAMPLE, and none arrived/
    await expect(expect(undefined).toBeSignedBy(credentials)).rejects.toThrow(said)
    await expect(expect(undefined).not.toBeSignedBy(credentials)).rejects.toThrow(said)
  })
})

const JEST_TEST = `
const { sign } = require('countersign')
const { toBeSignedBy, createVerifyingServer } = require('countersign/testing')
expect.extend({ toBeSignedBy })
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const options = { service: 's3', region: 'eu-west-1', credentials }
test('a signed request passes', async () => {
  const signed = await sign({ url: 'https://example.com/a' }, options)
  await expect(signed).toBeSignedBy(credentials)
  await expect(signed).not.toBeSignedBy({ ...credentials, secretAccessKey: 'other' })
})
test('a failure explains', async () => {
  const signed = await sign({ url: 'https://example.com/a' }, options)
  const failing = expect({ ...signed, url: 'https://example.com/b' }).toBeSignedBy(credentials)
  await expect(failing).rejects.toThrow('to be signed by AKIDEXAMPLE')
})
test('the server verifies', async () => {
  const server = await createVerifyingServer()
  const signed = await sign({ url: server.url + '/bucket/key' }, options)
  expect((await fetch(signed.url, signed)).status).toBe(404)
  expect(server.lastVerdict.result.ok).toBe(true)
  await expect(server.lastVerdict.request).toBeSignedBy(credentials)
  await server.close()
})
`

describe('toBeSignedBy in jest', () => {
  it('works from the packed package', () => {
    const packed = packAndInstall()
    try {
      writeFileSync(join(packed.consumer, 'package.json'), '{}')
      writeFileSync(join(packed.consumer, 'signed.test.js'), JEST_TEST)
      const report = execFileSync(
        process.execPath,
        [join(root, 'node_modules/jest/bin/jest.js'), '--json', '--rootDir', packed.consumer],
        { cwd: packed.consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      )
      expect(JSON.parse(report)).toMatchObject({ numPassedTests: 3, numFailedTests: 0 })
    } finally {
      packed.remove()
    }
  }, 60_000)
})
