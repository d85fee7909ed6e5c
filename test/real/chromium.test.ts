import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceSignature } from '../reference.ts'
import { hostileTargets, parsed, type Recorder, startRecorder, targetOf } from '../senders.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { suiteV4 } from '../vectors.ts'
import type { PageApi } from './browser-page.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'

type Call = <Name extends keyof PageApi>(
  name: Name,
  ...args: Parameters<PageApi[Name]>
) => ReturnType<PageApi[Name]>

const callIn =
  (page: () => Page): Call =>
  (name, ...args) =>
    page().evaluate(`countersignPage.${name}(...${JSON.stringify(args)})`) as never

const callInWorkerOf =
  (page: () => Page): Call =>
  (name, ...args) =>
    page().evaluate(`countersignPage.inWorker('${name}', ${JSON.stringify(args)})`) as never

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey, sessionToken: 'a/token+of==' }
const longTerm = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }
const scope = { service: 's3', region: 'eu-west-1' }
const request = { url: 'https://bucket.s3.eu-west-1.amazonaws.com/key' }

const failures = async (outcomes: ReturnType<PageApi['suite']>) => {
  const all = await outcomes
  expect(all).toHaveLength(38 * 2 * 4)
  return all.filter(({ ok }) => !ok)
}

describeWithPart('chromium', 'in Chromium', () => {
  let site: StaticSite
  let recorder: Recorder
  let browser: Browser
  const pages: Page[] = []
  beforeAll(async () => {
    site = await serveStatic({
      '/': { body: '<!doctype html><script src="/page.js"></script>', type: 'text/html' },
      '/page.js': {
        body: await bundlePage('real/browser-page.ts'),
        type: 'text/javascript; charset=utf-8',
      },
    })
    recorder = await startRecorder({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers':
        'authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-meta-a, x-amz-security-token',
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
    await recorder?.stop()
    await site?.stop()
  })

  const secure = () => pages[0] as Page
  const insecure = () => pages[1] as Page

  describe.each([
    ['a page', true, callIn(secure)],
    ['a dedicated worker', false, callInWorkerOf(secure)],
  ] as const)('%s of a secure origin', (_, page, call) => {
    it('has crypto.subtle, and passes the suite through both entries', async () => {
      expect(await call('place')).toEqual({ page, secure: true, subtle: 'object' })
      expect(await failures(call('suite', 'countersign', suiteV4))).toEqual([])
      expect(await failures(call('suite', 'countersign/sync', suiteV4))).toEqual([])
    })
  })

  describe.each([
    ['a page', true, callIn(insecure)],
    ['a dedicated worker', false, callInWorkerOf(insecure)],
  ] as const)('%s of an origin on plain http', (_, page, call) => {
    it('has no crypto.subtle, and passes the suite through countersign/sync', async () => {
      expect(await call('place')).toEqual({ page, secure: false, subtle: 'undefined' })
      expect(await failures(call('suite', 'countersign/sync', suiteV4))).toEqual([])
    })

    it.each(['sign', 'presign'] as const)('hears why the root entry cannot %s', async (verb) => {
      const options = { ...scope, credentials }
      expect(await call('attempt', 'countersign', verb, request, options)).toBe(
        'crypto-unavailable',
      )
    })
  })

  describe.each([
    ['a page', callIn(secure)],
    ['a dedicated worker', callInWorkerOf(secure)],
  ] as const)('%s', (_, call) => {
    it.each([
      ['countersign', 'sign'],
      ['countersign', 'presign'],
      ['countersign/sync', 'sign'],
      ['countersign/sync', 'presign'],
    ] as const)('may not use a long-term key unless told so: %s, %s', async (entry, verb) => {
      const attempt = (options: Parameters<PageApi['attempt']>[3]) =>
        call('attempt', entry, verb, request, options)
      const refused = await attempt({ ...scope, credentials: longTerm })
      expect(refused).toBe('long-term-credentials')
      const signed = { signature: expect.stringMatching(/^[\da-f]{64}$/) }
      const allowed = { ...scope, credentials: longTerm, allowLongTermCredentials: true } as const
      expect(await attempt(allowed)).toMatchObject(signed)
      expect(await attempt({ ...scope, credentials })).toMatchObject(signed)
    })
  })

  it.each(['s3', 'execute-api'])(
    'fetch puts on the wire what was signed for %s',
    async (service) => {
      const options = { ...scope, service, credentials }
      const headers = { 'x-amz-meta-a': ' a   b ', 'content-type': 'text/plain' }
      const call = callIn(secure)
      for (const target of hostileTargets)
        for (const verb of ['sign', 'presign'] as const)
          for (const more of [{}, { method: 'put', headers, body: 'ü😀' }]) {
            recorder.take()
            const signed = await call(
              'send',
              verb,
              { url: recorder.origin + target, ...more },
              options,
            )
            const wire = recorder.take().filter(({ method }) => method !== 'OPTIONS')
            expect(wire.map((sent) => parsed(sent.target))).toEqual([parsed(targetOf(signed.url))])
            const [sent] = wire as [(typeof wire)[0]]
            const check = referenceSignature(sent, secretAccessKey)
            expect(check.canonicalRequest).toBe(signed.trace.canonicalRequest)
            expect([check.expected, check.received]).toEqual([signed.signature, signed.signature])
          }
    },
  )
})
