import { AwsCrc32 } from '@aws-crypto/crc32'
import { presign, type ReceivedRequest, type SignedRequest, sign, verify } from 'countersign'
import { encodeChunked } from 'countersign/s3'
import { sigv4a } from 'countersign/sigv4a'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode, read } from '../s3/support.ts'
import { credentials as suiteKey, suitePoints } from '../sigv4a/keys.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'
import type { Mode, PageApi } from './sigv4a-page.ts'

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a/token+of==',
}
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const asymmetric = { service: 's3', regionSet: 'eu-*', algorithm: sigv4a, credentials }
const verifying = { service: 's3', credentials: () => credentials }

const received = ({ method, url, headers }: SignedRequest): ReceivedRequest => ({
  ...{ method, url, headers },
})

const MODES: readonly (readonly [word: string, mode: Mode])[] = [
  ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', { algorithm: 'sigv4a' }],
  ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER', { algorithm: 'sigv4a', checksum: 'crc32' }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {}],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { checksum: 'crc32' }],
  [
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    { payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', checksum: 'crc32' },
  ],
]

const text = 'ü countersign '.repeat(2000)

describeWithPart('chromium', "SigV4a and chunks by Chromium's own WebCrypto and streams", () => {
  let site: StaticSite
  let browser: Browser
  const pages: Page[] = []
  beforeAll(async () => {
    site = await serveStatic({
      '/': { body: '<!doctype html><script src="/page.js"></script>', type: 'text/html' },
      '/page.js': { body: await bundlePage('real/sigv4a-page.ts'), type: 'text/javascript' },
    })
    browser = await launchChromium('--host-resolver-rules=MAP insecure.test 127.0.0.1')
    for (const origin of [site.origin, `http://insecure.test:${site.port}`]) {
      const page = await browser.newPage()
      await page.goto(origin)
      pages.push(page)
    }
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  const callIn =
    (index: number) =>
    <Name extends keyof PageApi>(
      name: Name,
      ...args: Parameters<PageApi[Name]>
    ): ReturnType<PageApi[Name]> =>
      (pages[index] as Page).evaluate(
        `countersignPage.${name}(...${JSON.stringify(args)})`,
      ) as ReturnType<PageApi[Name]>
  const call = callIn(0)

  it("derives the suite's public key", async () => {
    expect(await call('subtle')).toBe('object')
    const { accessKeyId, secretAccessKey } = suiteKey
    const point = Buffer.from(await call('publicKey', accessKeyId, secretAccessKey), 'base64')
    expect(new Set(suitePoints.map(([, expected]) => expected))).toEqual(
      new Set([point.toString('hex')]),
    )
  })

  it.each(['sign', 'presign'] as const)('%ss what Node verifies', async (verb) => {
    const request = received(await call(verb))
    const region = 'eu-west-1'
    expect(await verify(request, { ...verifying, region, algorithm: sigv4a })).toMatchObject({
      ok: true,
      scope: { regionSet: ['eu-*'] },
    })
    const other = { ...request, url: request.url.replace('/key', '/kex') }
    expect(await verify(other, { ...verifying, algorithm: sigv4a })).toMatchObject({
      reason: 'signature-mismatch',
    })
  })

  it.each([sign, presign])('verifies what Node signs', async (verb) => {
    const request = received(await verb({ url }, asymmetric))
    expect(await call('verify', request)).toBe(true)
    const other = { ...request, url: request.url.replace('/key', '/kex') }
    expect(await call('verify', other)).toBe('signature-mismatch')
    const elsewhere = received(await verb({ url }, { ...asymmetric, regionSet: 'us-*' }))
    expect(await call('verify', elsewhere)).toBe('scope-mismatch')
  })

  describe.each(MODES)('%s', (word, mode) => {
    const algorithm = mode.algorithm && sigv4a

    it('is encoded in the page, and decoded in Node and in the page', async () => {
      const { headers, body } = await call('encode', text, mode)
      expect(headers['x-amz-content-sha256']).toBe(word)
      const bytes = Buffer.from(body, 'base64')
      const result = await verify({ method: 'PUT', url, headers }, { ...verifying, algorithm })
      if (!result.ok) throw new Error(result.message)
      const back = await decode(bytes, result, { algorithm })
      expect([back.code, back.bytes.toString()]).toEqual([undefined, text])
      expect(await call('decode', headers, body, mode)).toBe(text)
    })

    it('is encoded in Node, decoded in the page, and refused there with a byte changed', async () => {
      const { headers, body } = await encodeChunked({ url }, text, {
        ...{ region: 'eu-west-1', credentials, chunkSize: 8192, ...mode },
        ...{ checksums: { crc32: () => new AwsCrc32() }, algorithm },
      })
      const bytes = await read(body)
      expect(await call('decode', headers, bytes.toString('base64'), mode)).toBe(text)
      bytes[9000] = (bytes[9000] ?? 0) ^ 1
      expect(await call('decode', headers, bytes.toString('base64'), mode)).toBe(
        mode.payload ? 'checksum-mismatch' : 'chunk-mismatch',
      )
    })
  })

  it('on plain http needs a curve that is passed in, and countersign/sync', async () => {
    const insecure = callIn(1)
    expect(await insecure('subtle')).toBe('undefined')
    expect(await insecure('attempt', 'platform')).toBe('crypto-unavailable')
    const signed = await insecure('attempt', 'passed in')
    if (typeof signed === 'string') throw new Error(signed)
    const result = await verify(received(signed), { ...verifying, algorithm: sigv4a })
    expect(result).toMatchObject({ ok: true })
  })
})
