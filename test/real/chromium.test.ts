import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referenceSignature } from '../reference.ts'
import { hostileTargets, parsed, type Recorder, startRecorder, targetOf } from '../senders.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { exampleSession as credentials } from '../support/example-key.ts'
import type { PageApi } from './browser-page.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'

const { secretAccessKey } = credentials
const scope = { service: 's3', region: 'eu-west-1' }

// What else holds in a browser is in the matrix of runtimes.
describeWithPart('chromium', 'in Chromium', () => {
  let site: StaticSite
  let recorder: Recorder
  let browser: Browser
  let page: Page
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
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(site.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await recorder?.stop()
    await site?.stop()
  })

  const send = (...args: Parameters<PageApi['send']>) =>
    page.evaluate(`countersignPage.send(...${JSON.stringify(args)})`) as ReturnType<PageApi['send']>

  it.each(['s3', 'execute-api'])(
    'fetch puts on the wire what was signed for %s',
    async (service) => {
      const options = { ...scope, service, credentials }
      const headers = { 'x-amz-meta-a': ' a   b ', 'content-type': 'text/plain' }
      for (const target of hostileTargets)
        for (const verb of ['sign', 'presign'] as const)
          for (const more of [{}, { method: 'put', headers, body: 'ü😀' }]) {
            recorder.take()
            const signed = await send(verb, { url: recorder.origin + target, ...more }, options)
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
