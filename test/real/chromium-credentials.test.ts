import { deriveSigningKey, type SignedRequest, sign, verify } from 'countersign'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { POOL, type Services, startServices } from '../credentials/services.ts'
import { exampleKey } from '../support/example-key.ts'
import { root } from '../support/packed.ts'
import type { CredentialsPage } from './credentials-page.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'

/** The built package, the example and idb-keyval as a bundler for browsers takes them. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}/test/real/credentials-page.ts`],
    ...{ bundle: true, write: false, platform: 'browser', format: 'esm', tsconfigRaw: '{}' },
    logLevel: 'error',
    alias: {
      countersign: `${root}/dist/index.js`,
      'countersign/credentials': `${root}/dist/credentials.js`,
    },
  })
  return outputFiles[0]?.text ?? ''
}

const scope = { service: 'execute-api', region: 'eu-west-1' }
const longTerm = { ...exampleKey, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }

describeWithPart('chromium', 'a key kept in Chromium', () => {
  let services: Services
  let site: StaticSite
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    services = await startServices()
    site = await serveStatic({
      '/': {
        body: '<!doctype html><script type="module" src="/page.js"></script>',
        type: 'text/html',
      },
      '/page.js': { body: await bundle(), type: 'text/javascript; charset=utf-8' },
    })
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(site.origin)
    await call('signIn', POOL, services.url)
    // What the page held in memory is gone: only IndexedDB is left.
    await page.reload()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await services?.close()
  })

  const call = <Name extends keyof CredentialsPage>(
    name: Name,
    ...args: Parameters<CredentialsPage[Name]>
  ) =>
    page.evaluate(`countersignPage.${name}(...${JSON.stringify(args)})`) as Promise<
      Awaited<ReturnType<CredentialsPage[Name]>>
    >

  /** The secret that the page was given before the reload. */
  const session = () => {
    const [, found] = [...services.keys.values()]
    if (!found) throw new Error('nobody has signed in')
    return found
  }
  const everySpelling = async () => {
    const { secretAccessKey } = session()
    const key = await deriveSigningKey(secretAccessKey, { ...scope, signingDate: new Date() })
    const spelled = [
      key,
      Buffer.from(secretAccessKey),
      Buffer.from(`AWS4${secretAccessKey}`),
    ].flatMap((bytes) =>
      (['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(bytes).toString(as)),
    )
    return [secretAccessKey, ...spelled]
  }

  const judged = ({ headers, url, method }: SignedRequest, signature?: string) => {
    const { host, pathname } = new URL(url)
    const authorization = `${headers.authorization}`.replace(/Signature=\w+/, (found) =>
      signature ? `Signature=${signature}` : found,
    )
    const received = { method, url: pathname, headers: { host, ...headers, authorization } }
    return verify(received, { service: 'any', credentials: () => session() })
  }

  it('signs after a reload, and a server that verifies accepts it', async () => {
    const before = services.calls.length
    expect(await call('items', `${services.url}/items`)).toBe('three items')
    expect(services.calls.slice(before).map(({ path, signedBy }) => ({ path, signedBy }))).toEqual([
      { path: '/items', signedBy: { accessKeyId: session().accessKeyId, ...scope } },
    ])
  })

  it('cannot be read by a hostile script: not out of IndexedDB, not out of the object', async () => {
    const spellings = await everySpelling()
    const found = await call('dump')
    expect(found).toContain(session().accessKeyId)
    expect(spellings.filter((text) => found.includes(text))).toEqual([])
    // The sweep itself finds what is there to be read.
    await call('keep', 'careless', session())
    const careless = await call('dump')
    expect(spellings.filter((text) => careless.includes(text))).toEqual([spellings[0]])
    await call('keep', 'careless', 0)
  })

  it('cannot be exported or wrapped', async () => {
    const outcomes = await call('exports')
    expect(outcomes).toHaveLength(6)
    for (const outcome of outcomes) expect(outcome).toMatch(/^(InvalidAccess|NotSupported)Error$/)
    expect(outcomes[0]).toBe('InvalidAccessError')
  })

  const others = [
    { service: 's3', region: 'eu-west-1' },
    { service: 'execute-api', region: 'us-east-1' },
    { service: 'execute-api', region: 'eu-west-1', signingDate: new Date(Date.now() - 86_400_000) },
  ]
  const url = 'https://abc.execute-api.eu-west-1.amazonaws.com/items'

  it.each(others)('is refused by the library for $service in $region', async (other) => {
    // A page gets its date from JSON, which has none.
    const { signingDate, ...options } = other
    const on = signingDate ? `new Date(${Number(signingDate)})` : 'undefined'
    const outcome = await page.evaluate(
      `countersignPage.signKept({ ...${JSON.stringify(options)}, signingDate: ${on} }, '${url}')`,
    )
    expect(outcome).toBe('invalid-scope')
    const own = await call('signKept', scope, url)
    expect(await judged(own as SignedRequest)).toMatchObject({ ok: true, scope })
  })

  it.each(others.slice(0, 2))(
    'makes no signature by hand for $service in $region',
    async (other) => {
      const real = await sign({ url }, { ...other, credentials: session() })
      expect(await judged(real)).toMatchObject({ ok: true })
      const { stringToSign, credentialScope } = real.trace
      const byHand = await call('hmac', stringToSign)
      const derived = await call('deriveAndSign', credentialScope.split('/'), stringToSign)
      for (const forged of [byHand, derived]) {
        expect(forged).toMatch(/^[\da-f]{64}$/)
        expect(await judged(real, forged)).toMatchObject({
          ok: false,
          reason: 'signature-mismatch',
        })
      }
    },
  )

  it('does make one by hand for its own scope, as the documentation says', async () => {
    const real = await sign({ url }, { ...scope, credentials: session() })
    expect(await call('hmac', real.trace.stringToSign)).toBe(real.signature)
  })

  it('without a scope signs for any, and mints day keys, as the documentation says', async () => {
    await call('keepImported', 'key', { ...session(), expiration: undefined })
    const other = { service: 's3', region: 'us-east-1' }
    const own = (await call('signKept', other, url)) as SignedRequest
    expect(await judged(own)).toMatchObject({ ok: true, scope: other })
    const spellings = await everySpelling()
    const found = await call('dump')
    expect(spellings.filter((text) => found.includes(text))).toEqual([])
    const real = await sign({ url }, { ...other, credentials: session() })
    const { credentialScope, stringToSign } = real.trace
    const minted = await call('deriveAndSign', credentialScope.split('/'), stringToSign)
    expect(minted).toBe(real.signature)
  })

  it.each(['module', 'service'] as const)(
    'a %s worker may not use a long-term key unless told so',
    async (kind) => {
      const inWorker = (more: object) =>
        call('inWorker', kind, { ...scope, credentials: longTerm, ...more }) as Promise<unknown>
      const place = {
        kind:
          kind === 'module'
            ? '[object DedicatedWorkerGlobalScope]'
            : '[object ServiceWorkerGlobalScope]',
        process: false,
      }
      expect(await inWorker({})).toEqual({ place, outcome: 'long-term-credentials' })
      const signature = expect.stringMatching(/^[\da-f]{64}$/)
      const signed = { place, outcome: expect.objectContaining({ signature }) }
      expect(await inWorker({ allowLongTermCredentials: true })).toEqual(signed)
      const temporary = { ...longTerm, sessionToken: 'token' }
      expect(await inWorker({ credentials: temporary })).toEqual(signed)
    },
  )
})
