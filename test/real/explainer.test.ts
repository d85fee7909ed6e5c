import { readFileSync } from 'node:fs'
import { awsError, type Credentials, sign, verify } from 'countersign'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHAPES, server } from '../explain/answers.ts'
import { KEY as CLIENT, NOW, onWire } from '../explain/client-case.ts'
import { clientCases } from '../explain/client-cases.ts'
import { type Fault, faults, serverOptions } from '../explain/faults.ts'
import { KEY, manual, OTHER } from '../explain/manual.ts'
import { paste, rawText, serveExplainer, type Typed } from '../support/explainer-page.ts'
import { root } from '../support/packed.ts'
import { describeWithPart, launchChromium, type StaticSite } from './parts.ts'

/** A fault as a person has it: the request, what the server answered, and what else they know. */
async function pasted({ received, options }: Fault): Promise<Typed> {
  const own = { ...serverOptions, ...options }
  const result = await verify(received, own)
  if (result.ok) throw new Error('The request is accepted.')
  const { host = '' } = received.headers as Record<string, string>
  const known = await own.credentials(KEY.accessKeyId, undefined as never)
  return {
    request: rawText(received),
    answer: awsError(result, host.includes('.s3.') ? 's3' : 'json').body,
    secret: KEY.secretAccessKey,
    sessionToken: (known as { sessionToken?: string } | undefined)?.sessionToken,
    otherSecret: OTHER.secretAccessKey,
    pathPrefix: own.pathPrefixes?.[0],
  }
}

/** Without the secret it cannot be told from what shows: a server says no more. */
const COARSER: Readonly<Record<string, string>> = {
  'body dropped': 'payload-altered',
  'body re-serialised after signing': 'payload-altered',
  'session token stale': 'token-altered',
  'body empty and accept-encoding together': 'volatile-header',
}

/** Faults that the two texts tell; the others are of the signer, which only its key can prove. */
const NAMED_BY_TEXTS = 27

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

  it('without a secret names what shows in the texts, and asks for the secret otherwise', async () => {
    const named: string[] = []
    const others: Record<string, string> = {}
    for (const [name, fault] of all) {
      const { request, answer } = await pasted(fault)
      const { cause, badge, cure } = await paste(page, { request, answer })
      if (cause === fault.causes[0]) named.push(name)
      else if (cause) others[name] = cause
      else expect([badge, cure]).toEqual(['Open', expect.stringContaining('Type the secret')])
    }
    expect(others).toEqual(COARSER)
    expect(named).toHaveLength(NAMED_BY_TEXTS)
  })

  describe('a request as its client sent it, and an answer that quotes what arrived', () => {
    // The page reads a path of S3 as S3 does, to which a `%2F` that is decoded is the same slash.
    const read = clientCases.filter(({ options }) => options?.encodedSlash === undefined)
    it.each(read.map((it) => [it.name, it] as const))('names %s', async (_, it) => {
      const credentials = (it.options?.credentials ?? CLIENT) as typeof CLIENT
      const signed = await sign(it.request, {
        ...{ service: 'execute-api', region: 'eu-west-1', signingDate: NOW, credentials },
        ...it.options,
      })
      const wire = onWire(signed)
      const read = server(it.onTheWay?.(wire) ?? wire, {
        secret: CLIENT.secretAccessKey,
        ...it.server,
      })
      const headers = Object.fromEntries(wire.headers)
      const request = rawText({ ...wire, url: wire.target, headers, body: wire.body ?? '' })
      const answer = SHAPES["S3's XML"]?.(read)
      const { secretAccessKey: secret, sessionToken } = credentials as Credentials
      const said = await paste(page, { request, answer, secret, sessionToken })
      expect(said).toMatchObject({ cause: it.causes[0], badge: `Proved ${it.causes[0]}` })
      // What happened on the way shows without a secret.
      if (it.onTheWay) expect(it.causes).toContain((await paste(page, { request, answer })).cause)
    })
  })

  it.each(['awscli-put-object', 'sdk-put-object-json'])('reads the log %s', async (name) => {
    const request = readFileSync(`${root}/test/cli/logs/${name}.log`, 'utf8')
    const said = await paste(page, { request, secret: 'another' })
    expect(said).toMatchObject({ cause: 'wrong-secret', badge: 'Proved wrong-secret' })
  })

  it.each(['a curl line', 'a HAR entry'] as const)('reads %s', async (shape) => {
    const it = clientCases.find(({ name }) => name === 'a stage that the gateway strips')
    if (!it) throw new Error('no such case')
    const signed = await sign(it.request, {
      ...{ service: 'execute-api', region: 'eu-west-1', signingDate: NOW, credentials: CLIENT },
    })
    const answer = SHAPES["API Gateway's JSON"]?.(
      server(it.onTheWay?.(onWire(signed)) ?? onWire(signed), { secret: CLIENT.secretAccessKey }),
    )
    const fields = Object.entries(signed.headers)
    const curl = `curl '${signed.url}' ${fields.map(([name, value]) => `-H '${name}: ${value}'`).join(' ')}`
    const har = {
      request: {
        method: signed.method,
        url: signed.url,
        headers: fields.map(([name, value]) => ({ name, value })),
      },
      response: { content: { text: answer } },
    }
    const typed =
      shape === 'a curl line' ? { request: curl, answer } : { request: JSON.stringify(har) }
    expect(await paste(page, typed)).toMatchObject({
      cause: 'path-prefix',
      badge: expect.stringMatching('Proved'),
    })
  })

  it('asks for the request where an answer alone is pasted', async () => {
    for (const text of ['<Error><Code>SignatureDoesNotMatch</Code></Error>', '{"message":"no"}'])
      for (const typed of [{ request: text }, { request: '', answer: text }])
        expect((await paste(page, typed)).cure).toContain('Paste the request as well')
  })

  it('reads the request out of an answer of S3 that quotes it', async () => {
    const options = { service: 's3', region: 'eu-west-1', signingDate: NOW, credentials: CLIENT }
    const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a/b?list-type=2'
    const signed = await sign({ method: 'PUT', url, body: 'text' }, options)
    const { canonicalRequest, stringToSign } = signed.trace
    const answer = (signature: string) =>
      `<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match</Message><AWSAccessKeyId>${CLIENT.accessKeyId}</AWSAccessKeyId><StringToSign>${stringToSign}</StringToSign><SignatureProvided>${signature}</SignatureProvided><CanonicalRequest>${canonicalRequest.replace(/&/g, '&amp;')}</CanonicalRequest></Error>`
    const other = await sign({ method: 'GET', url, body: 'text' }, options)
    for (const field of ['request', 'answer']) {
      const typed = (text: string, more = {}) =>
        paste(page, { request: '', answer: '', ...more, [field]: text })
      expect((await typed(answer(signed.signature))).cure).toContain('Type the secret')
      const drawn = await page.locator('#stages').textContent()
      expect(drawn).toContain(`payload hash${canonicalRequest.split('\n').at(-1)}`)
      const secret = CLIENT.secretAccessKey
      const { cause, badge } = await typed(answer(other.signature), { secret })
      expect([cause, badge]).toEqual(['method-changed', expect.stringMatching('Proved')])
      const held = await typed(answer(signed.signature), { secret })
      expect([held.cause, held.badge]).toEqual(['wrong-secret', expect.stringMatching('Proved')])
    }
  })

  it('finds nothing wrong with a good request', async () => {
    const good = { request: rawText(manual({})), secret: KEY.secretAccessKey }
    expect(await paste(page, good)).toMatchObject({
      cause: 'matches',
      badge: expect.stringMatching('Proved'),
    })
  })

  it('makes no mistake that a browser tells of', () => {
    expect(errors).toEqual([])
  })
})
