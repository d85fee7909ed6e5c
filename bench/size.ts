import { readFileSync } from 'node:fs'
import { type Bundle, bundleSize, CEILINGS, taking } from './bundle.ts'
import { compositionOf } from './composition.ts'
import { ensureDist, root } from './dist.ts'
import { type Bar, jsonArgument, printBars, printTable, writeFigures } from './report.ts'

const NAMES = [
  'sign',
  'sign, presign',
  'presign',
  'createSigner',
  'verify',
  'createVerifier',
  'explain',
  'stringToSign',
  '*',
]

const WITH_CREDENTIALS = 'countersign { createSigner } and countersign/credentials { * }'

const PEERS: Readonly<Record<string, string>> = {
  'aws4fetch { AwsV4Signer }': taking('AwsV4Signer', 'aws4fetch'),
  'aws4fetch { AwsClient }': taking('AwsClient', 'aws4fetch'),
  '@smithy/signature-v4 + sha256-js':
    "export { SignatureV4 } from '@smithy/signature-v4'; export { Sha256 } from '@aws-crypto/sha256-js'",
}

const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  exports: Record<string, unknown>
}
const others = Object.keys(manifest.exports)
  .filter((path) => !['.', './sync', './package.json'].includes(path))
  .map((path) => `countersign${path.slice(1)}`)

const rows: string[][] = []
const gzip = new Map<string, number>()
const bundles = new Map<string, string>()

async function row(name: string, code: string): Promise<void> {
  const add = (title: string, { code, min, gzip: size }: Bundle) => {
    gzip.set(name, size)
    bundles.set(name, code)
    rows.push([title, String(min), String(size)])
  }
  try {
    add(name, await bundleSize(code))
  } catch (error) {
    // A name that is not written yet, or an entry for Node alone; the table goes on without it.
    if (/No matching export/.test((error as Error).message))
      rows.push([`${name}: not exported`, '-', '-'])
    else add(`${name}, for Node`, await bundleSize(code, 'node'))
  }
}

ensureDist()
for (const from of ['countersign', 'countersign/sync'])
  for (const names of NAMES) await row(`${from} { ${names} }`, taking(names, from))
for (const from of others) await row(`${from} { * }`, taking('*', from))
await row('countersign/fetch { signedFetch }', taking('signedFetch', 'countersign/fetch'))
for (const [name, code] of Object.entries(PEERS)) await row(name, code)
await row(
  WITH_CREDENTIALS,
  `${taking('createSigner', 'countersign')}; ${taking('*', 'countersign/credentials')}`,
)
printTable(['bundle for the browser, bytes', 'min', 'min+gzip'], rows)

const parts = new Map<string, string[]>()
const COMPOSED = [
  'countersign { sign }',
  'countersign { sign, presign }',
  'aws4fetch { AwsV4Signer }',
]
for (const name of COMPOSED)
  for (const [part, gzip] of await compositionOf(bundles.get(name) ?? ''))
    parts.set(part, [...(parts.get(part) ?? [part]), String(gzip)])
console.log()
printTable(['made of, bytes of gzip', ...COMPOSED], [...parts.values()])

// `--json [FILE]` keeps the figures, for `npm run charts`.
const [json] = jsonArgument(process.argv.slice(2))
if (json) writeFigures(json, { size: Object.fromEntries(gzip) })

const size = (name: string): number => gzip.get(name) ?? Number.NaN
const bars: Bar[] = [
  ...CEILINGS.map(([names, from, bytes]) => ({
    text: `${from} { ${names} } at most ${bytes} B`,
    actual: size(`${from} { ${names} }`),
    at: { most: bytes },
  })),
  {
    text: 'countersign/credentials adds to a signer less than 2 kB',
    actual: size(WITH_CREDENTIALS) - size('countersign { createSigner }'),
    at: { below: 2000 },
  },
]
console.log()
printBars(bars.map((bar) => ({ ...bar, unit: ' B' })))
