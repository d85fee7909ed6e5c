import { createServer, type Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import {
  createPostPolicy,
  type PostPolicy,
  type RefusedPost,
  type VerifiedPost,
  verifyPostPolicy,
} from 'countersign/s3'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exampleSession as credentials } from '../support/example-key.ts'
import { listen } from '../support/loopback.ts'
import { describeWithPart, launchChromium } from './parts.ts'

const escapeHtml = (text: string) => text.replace(/[&<"]/g, (found) => `&#${found.charCodeAt(0)};`)

/** The form as a page would have it: every field hidden, then the file. */
const page = ({ url, fields }: PostPolicy) => `<!doctype html><meta charset="utf-8">
<form action="${escapeHtml(url)}" method="post" enctype="multipart/form-data">
${Object.entries(fields)
  .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
  .join('\n')}
<input type="file" name="file"><button>Upload</button></form>`

describeWithPart('chromium', 'a form in Chromium', () => {
  let server: Server
  let origin: string
  let browser: Browser
  let policy: PostPolicy
  let content: Buffer | undefined
  const results: (VerifiedPost | RefusedPost)[] = []
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      if (request.method === 'GET')
        return response.setHeader('content-type', 'text/html; charset=utf-8').end(page(policy))
      const type = request.headers['content-type'] ?? ''
      const body = new Uint8Array(await buffer(request))
      const form = await new Response(body, { headers: { 'content-type': type } }).formData()
      const result = await verifyPostPolicy(form, {
        bucket: 'photos',
        region: 'eu-west-1',
        credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
      })
      results.push(result)
      content = Buffer.from(await (form.get('file') as File).arrayBuffer())
      response.statusCode = result.ok ? 201 : result.status
      response.setHeader('content-type', 'text/plain; charset=utf-8')
      return response.end(result.ok ? result.fields.key : result.message)
    })
    origin = `http://127.0.0.1:${await listen(server)}`
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    server?.closeAllConnections()
  })

  const file = { name: 'a "photo" ü.png', mimeType: 'image/png', buffer: Buffer.from('pixels') }

  /** Fills the form in as a person would, after the page's own script has changed it. */
  async function submit(change: (tab: Page) => Promise<void> = async () => {}) {
    policy = await createPostPolicy({
      ...{ bucket: 'photos', key: 'user1/$' + '{filename}', region: 'eu-west-1', credentials },
      url: `${origin}/upload`,
      fields: { acl: 'private', 'x-amz-meta-note': 'ü "quoted" <&> 😀' },
      conditions: [['content-length-range', 1, 10]],
    })
    const tab = await browser.newPage()
    await tab.goto(origin)
    await tab.setInputFiles('input[type=file]', file)
    await change(tab)
    const answered = tab.waitForResponse(`${origin}/upload`)
    await tab.click('button')
    const answer = await answered
    const outcome = { status: answer.status(), text: await answer.text() }
    await tab.close()
    return outcome
  }

  const set = (name: string, value: string) => (tab: Page) =>
    tab.evaluate(
      `document.querySelector('[name="${name}"]').value = ${JSON.stringify(value)}`,
    ) as Promise<void>

  it('is accepted as it was signed', async () => {
    const { status, text } = await submit()
    expect([status, text]).toEqual([201, 'user1/a "photo" ü.png'])
    expect(results.at(-1)).toMatchObject({
      ok: true,
      accessKeyId: 'ASIAEXAMPLE',
      fields: { acl: 'private', bucket: 'photos', 'x-amz-meta-note': 'ü "quoted" <&> 😀' },
      contentLengthRange: [1, 10],
    })
    expect(content?.toString()).toBe('pixels')
  })

  it.each([
    ['another value', set('acl', 'public-read'), 'condition-failed'],
    ['another place', set('key', 'user2/x'), 'condition-failed'],
    ['another policy', set('policy', 'e30='), 'signature-mismatch'],
    ['another signature', set('x-amz-signature', '0'.repeat(64)), 'signature-mismatch'],
    ['another session', set('x-amz-security-token', 'x'), 'invalid-session-token'],
    [
      'a field more',
      (tab: Page) =>
        tab.evaluate(
          `document.forms[0].prepend(Object.assign(document.createElement('input'), { name: 'tagging', value: 'x' }))`,
        ) as Promise<void>,
      'field-not-covered',
    ],
    [
      'too large a file',
      (tab: Page) =>
        tab.setInputFiles('input[type=file]', { ...file, buffer: Buffer.from('too many pixels') }),
      'condition-failed',
    ],
  ] as const)('is refused with %s', async (_, change, reason) => {
    const { status } = await submit(change)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(results.at(-1)).toMatchObject({ ok: false, reason })
  })
})
