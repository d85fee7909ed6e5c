import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getDefaultConfig, mergeConfig } from '@react-native/metro-config'
import { type SignedRequest, verify } from 'countersign'
import { runBuild } from 'metro'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithPart, requirePart } from './real/parts.ts'
import { exampleSession } from './support/example-key.ts'
import { type Packed, packAndInstall, root } from './support/packed.ts'
import { blocks, read } from './support/snippets.ts'

/** AWS's `get-vanilla`, whose signature its suite publishes; by Hermes's own way to print. */
const APP = `
import { sign } from 'countersign/sync'
const credentials = {
  accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const signingDate = new Date(Date.UTC(2015, 7, 30, 12, 36, 0))
const scope = { service: 'service', region: 'us-east-1', signingDate }
print(sign({ url: 'https://example.amazonaws.com/' }, { ...scope, credentials }).signature)
`
const SIGNATURE = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'

/** A second app of the main entry, which has other choices of the platform to make. */
const OTHER = `
import { createSigner, explain } from 'countersign'
print(typeof createSigner, typeof explain)
`

/** What would betray Node's modules, or their stand-ins. */
const NODES = /["']node:|getBuiltinModule|\bBuffer\b/

const modulesOf = (name: string): string => join(root, 'node_modules', name)

/** Bundles an app as React Native's default configuration has it. */
async function bundleByMetro(project: string, app: string, entry = 'index.js'): Promise<string> {
  writeFileSync(join(project, entry), app)
  const out = join(project, 'out.js')
  const config = mergeConfig(getDefaultConfig(project), {
    projectRoot: project,
    // What is around the project, and is in it where React Native is installed.
    watchFolders: [project, ...['metro-runtime', '@react-native/js-polyfills'].map(modulesOf)],
    serializer: { getModulesRunBeforeMainModule: () => [] },
    // No process beside this one, and nothing kept for the next run.
    ...{ maxWorkers: 1, cacheStores: [], resetCache: true, reporter: { update() {} } },
    resolver: { useWatchman: false },
  })
  await runBuild(config, { entry, out, platform: 'ios', dev: false, minify: false })
  return readFileSync(out, 'utf8')
}

/** The page's code: sending a request, a provider, and sending a file. */
const PAGE = blocks(read('docs/react-native.md'), 'ts')

/** What the page takes for granted, and the engine by itself lacks: a provider, and a fetch that prints. */
const WORLD = `
globalThis.myProvider = async () => (${JSON.stringify(exampleSession)})
globalThis.fetch = async (url, sent) => { print(JSON.stringify({ ...sent, url })) }
`

let packed: Packed
beforeAll(() => {
  packed = packAndInstall()
  writeFileSync(join(packed.consumer, 'package.json'), '{}')
  const helpers = '@babel/runtime'
  cpSync(modulesOf(helpers), join(packed.consumer, 'node_modules', helpers), { recursive: true })
})
afterAll(() => packed?.remove())

describe('Metro with the default configuration of React Native', () => {
  it('bundles an app of countersign', { timeout: 120_000 }, async () => {
    const bundle = await bundleByMetro(packed.consumer, OTHER)
    expect(bundle).toContain('subtle')
    expect(bundle).not.toMatch(NODES)
  })
})

describe('docs/react-native.md', () => {
  it('has a provider that Metro bundles', { timeout: 120_000 }, async () => {
    const bundle = await bundleByMetro(packed.consumer, `${PAGE[1]}`, 'page.ts')
    expect(bundle).toContain('identityPoolId')
    expect(bundle).not.toMatch(NODES)
  })
})

describeWithPart('hermes', 'an app of React Native', () => {
  const run = () =>
    execFileSync(requirePart('hermes'), ['-w', join(packed.consumer, 'out.js')], {
      encoding: 'utf8',
    })

  it('signs as AWS does, by countersign/sync in Hermes', { timeout: 120_000 }, async () => {
    const bundle = await bundleByMetro(packed.consumer, APP)
    expect(bundle).not.toMatch(NODES)
    expect(run().trim()).toBe(SIGNATURE)
  })

  it.each([
    ['a request', 0, "send({ url: 'https://abc.example.com/a b?c=ü' })", 'execute-api', 'verified'],
    ['a file', 2, "upload({ type: 'image/png' } as Blob, 'a b.png')", 's3', 'unsigned'],
  ] as const)(
    "sends %s by the page's code, in Hermes",
    { timeout: 120_000 },
    async (_, index, call, service, payload) => {
      await bundleByMetro(packed.consumer, `${WORLD}${PAGE[index]}\n${call}`, 'page.ts')
      const { url, method, headers } = JSON.parse(run()) as SignedRequest
      const { host, pathname, search } = new URL(url)
      const received = { method, url: pathname + search, headers: { ...headers, host } }
      const verdict = await verify(received, { service, credentials: () => exampleSession })
      expect(verdict).toMatchObject({ ok: true, payload })
    },
  )
})
