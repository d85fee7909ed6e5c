import { awsError, verify } from 'countersign'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fault, faults, serverOptions } from '../explain/faults.ts'
import { KEY, manual, OTHER } from '../explain/manual.ts'
import { paste, rawText, serveExplainer, type Typed } from '../support/explainer-page.ts'
import { describeWithPart, launchChromium, type StaticSite } from './parts.ts'

/** A fault as a person has it: the request, what the server answered, and what else they know. */
async function pasted({ received, options }: Fault): Promise<Typed> {
  const server = { ...serverOptions, ...options }
  const result = await verify(received, server)
  if (result.ok) throw new Error('The request is accepted.')
  const { host = '' } = received.headers as Record<string, string>
  const known = await server.credentials(KEY.accessKeyId, undefined as never)
  return {
    request: rawText(received),
    answer: awsError(result, host.includes('.s3.') ? 's3' : 'json').body,
    secret: KEY.secretAccessKey,
    sessionToken: (known as { sessionToken?: string } | undefined)?.sessionToken,
    otherSecret: OTHER.secretAccessKey,
    pathPrefix: server.pathPrefixes?.[0],
  }
}

describeWithPart('chromium', 'the explainer in Chromium', async () => {
  let site: StaticSite
  let browser: Browser
  let page: Page
  const errors: string[] = []
  beforeAll(async () => {
    site = await serveExplainer()
    browser = await launchChromium()
    page = await browser.newPage()
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await page.goto(site.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  const all = (await faults()).map((fault) => [fault.name, fault] as const)

  describe('with the secret', () => {
    it.each(all)('names: %s', async (_, fault) => {
      const said = await paste(page, await pasted(fault))
      expect([said.cause, said.title, said.cure].every(Boolean)).toBe(true)
      expect(said.cause).toBe(fault.causes[0])
    })
  })

  it('from the texts alone, names what shows in them, and proves nothing that is not so', async () => {
    const named: string[] = []
    for (const [name, fault] of all) {
      const { request, answer } = await pasted(fault)
      const said = await paste(page, { request, answer })
      console.info(`${name} | ${fault.causes[0]} | ${said.badge} | ${said.cause}`)
      if (said.cause === fault.causes[0]) named.push(name)
    }
    console.info(named.length)
  })

  it('finds nothing wrong with a good request', async () => {
    const good = { request: rawText(manual({})), secret: KEY.secretAccessKey }
    expect(await paste(page, good)).toMatchObject({ cause: 'matches', badge: /Proved/ })
  })

  it('makes no mistake that a browser tells of', () => {
    expect(errors).toEqual([])
  })
})
