import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { ensureDist } from '../../bench/dist.ts'
import { root } from '../support/packed.ts'
import { read } from '../support/snippets.ts'

/** The rows of the table in docs/entries.md that compares providers: name, kB and packages of each side. */
const rows = read('docs/entries.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim().replace(/`| kB/g, '')))
  .filter(([, , ours]) => /^from\w+$/.test(ours ?? ''))
  .map(([, , ...cells]) => cells as [string, string, string, string, string, string])

const SSO = '@aws-sdk/credential-provider-sso'
const LOADER = '@smithy/shared-ini-file-loader'

/** Kilobytes of one name, bundled for Node from ES modules; only SSO, which stays outside, is not in it. */
async function kilobytes(name: string, from: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from '${from}'`, resolveDir: root, loader: 'js' },
    ...{ absWorkingDir: root, bundle: true, write: false, minify: true, platform: 'node' },
    ...{ mainFields: ['module', 'main'], format: 'esm', target: 'es2022', tsconfigRaw: '{}' },
    ...{ legalComments: 'none', logLevel: 'silent' },
    external: from.startsWith('countersign') ? [SSO] : [],
  })
  return gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).length / 1000
}

type Lock = Record<string, { dependencies?: Record<string, string> }>
const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')) as {
  packages: Lock
}

/** Where Node finds a package, for one that asks for it. */
function placeOf(name: string, from: string): string {
  const place = `${from && `${from}/`}node_modules/${name}`
  if (packages[place]) return place
  return from ? placeOf(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) : ''
}

/** How many packages npm installs for some. */
function installed(...names: string[]): number {
  const seen = new Set<string>()
  const open = names.map((name) => placeOf(name, ''))
  for (let place = open.pop(); place; place = open.pop()) {
    if (seen.has(place)) continue
    seen.add(place)
    for (const name of Object.keys(packages[place]?.dependencies ?? {}))
      open.push(placeOf(name, place))
  }
  return seen.size
}

describe('the table of providers in docs/entries.md', () => {
  it('has every provider of the entry, and that of the environment', async () => {
    const names = Object.keys(await import('countersign/node-credentials')).filter((name) =>
      name.startsWith('from'),
    )
    expect(rows.map(([ours]) => ours).sort()).toEqual([...names, 'fromEnv'].sort())
  })

  it.each(rows)('tells the size of %s (%s kB) beside that of its peer', async (...row) => {
    ensureDist()
    const [ours, size, , theirs, itsSize] = row
    const entry = ours === 'fromEnv' ? 'credentials' : 'node-credentials'
    const [mine, other] = [
      await kilobytes(ours, `countersign/${entry}`),
      await kilobytes(theirs, '@aws-sdk/credential-providers'),
    ]
    expect(Math.abs(mine - Number(size))).toBeLessThan(0.1 + mine / 20)
    expect(Math.abs(other - Number(itsSize))).toBeLessThan(0.1 + other / 20)
    expect(mine).toBeLessThan(other / 5)
  })

  it.each(rows)('tells how many packages %s takes', (...row) => {
    const [ours, , count, , , itsCount] = row
    const readsProfiles = /Profile|Node/.test(ours)
    expect(Number(count)).toBe(1 + (readsProfiles ? installed(LOADER) : 0))
    expect(Number(itsCount)).toBe(installed('@aws-sdk/credential-providers'))
  })

  it('tells how many SSO takes', () => {
    expect(read('docs/entries.md')).toContain(`(then ${1 + installed(LOADER, SSO)} packages)`)
  })
})

describe('the table of messages in docs/machine.md', () => {
  const [, table = ''] = read('docs/machine.md').split('| the message says ')
  const messages = Array.from(table.matchAll(/^\| `([^`]+)`/gm), ([, text]) => `${text}`)
  const source = ['src/node-credentials', 'src/providers']
    .flatMap((room) => readdirSync(`${root}/${room}`).map((file) => read(`${room}/${file}`)))
    .join()

  it('has several', () => expect(messages.length).toBeGreaterThan(5))

  // What stands behind a colon is filled in, or a code.
  it.each(messages)('has %s as it stands in the source', (message) => {
    for (const part of message.split(': ')) {
      const text = part.replace(/^(the service said) .*|^\d+$/, '$1')
      expect(source).toContain(text)
    }
  })
})
