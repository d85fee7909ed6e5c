import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Bundle, bundleSize, CEILINGS, taking } from '../bench/bundle.ts'

/** Of the checksums that are built in: a name, CRC-64's polynomial, and words that SHA-1 and MD5 begin with. */
const CHECKSUMS = ['crc64nvme', '0x9a6c9329', '3285377520', '271733878']

/** Words that betray code which the named import did not ask for. */
const FORBIDDEN: readonly (readonly [names: string, from: string, words: readonly string[]])[] = [
  [
    'sign',
    'countersign',
    ['X-Amz-Expires', 'X-Amz-SignedHeaders', 'expiresIn', 'RequestTimeTooSkewed', 'setTimeout'],
  ],
  [
    'sign, presign',
    'countersign',
    ['node:crypto', 'AWS4-ECDSA', 'sha256-js', 'aws-chunked', 'Policy', 'setTimeout'],
  ],
  // An unknown region is the guess of `inferScope` alone.
  ['sign, presign', 'countersign', ['amazonaws']],
  ['sign, presign', 'countersign/sync', ['node:crypto', 'subtle', 'AWS4-ECDSA', 'aws-chunked']],
  // Checksums are for those who read or write bodies.
  ['verify, explain, awsError', 'countersign', CHECKSUMS],
  ['createPostPolicy, verifyPostPolicy', 'countersign/s3', CHECKSUMS],
  ['deriveSigningKey', 'countersign', ['Authorization', 'UNSIGNED-PAYLOAD', 'X-Amz-']],
]

/** Entries for which a browser bundle makes no sense. */
const NODE_ONLY = ['./package.json', './node-http', './undici', './testing', './node-credentials']

const bundles = new Map<string, Promise<Bundle>>()
const bundle = (code: string): Promise<Bundle> => {
  const made = bundles.get(code) ?? bundleSize(code)
  bundles.set(code, made)
  return made
}

describe('the size of a browser bundle', () => {
  it.each(CEILINGS)('{ %s } of %s stays under its ceiling', async (names, from, ceiling) => {
    const { gzip } = await bundle(taking(names, from))
    expect(gzip).toBeLessThanOrEqual(ceiling)
  })
})

describe('countersign/credentials', () => {
  it('adds less than 2 kB to a signer, all of it', async () => {
    const signer = taking('createSigner', 'countersign')
    const all = await bundle(`${signer}; ${taking('*', 'countersign/credentials')}`)
    expect(all.gzip - (await bundle(signer)).gzip).toBeLessThan(2000)
  })
})

describe('countersign/tokens', () => {
  const TOKENS = [
    ...['bedrockToken', 'callerIdentity', 'dsqlToken', 'eksToken', 'elastiCacheToken'],
    ...['iotWebSocketUrl', 'memoryDbToken', 'mskToken', 'rdsToken', 'sesSmtpPassword'],
  ]

  it('has the tokens that are weighed here, and no other', async () => {
    const names = Object.keys((await import('../src/tokens.ts')) as object)
    expect(names.filter((name) => name !== 'CountersignError').sort()).toEqual(TOKENS)
  })

  it.each(TOKENS)('takes, of %s alone, at most 200 B more than presign', async (name) => {
    const { gzip } = await bundle(taking(name, 'countersign/tokens'))
    const presign = await bundle(taking('presign', 'countersign'))
    expect(gzip - presign.gzip).toBeLessThanOrEqual(200)
  })

  it.each(TOKENS)('takes little of %s beside sign and presign', async (name) => {
    const verbs = taking('sign, presign', 'countersign')
    const both = await bundle(`${verbs}; ${taking(name, 'countersign/tokens')}`)
    // Two ask STS, and know the domains of AWS's partitions.
    const most = /eks|caller/.test(name) ? 375 : 275
    expect(both.gzip - (await bundle(verbs)).gzip).toBeLessThanOrEqual(most)
  })

  it('adds less than 1500 B to sign and presign, all of it', async () => {
    const verbs = taking('sign, presign', 'countersign')
    const all = await bundle(`${verbs}; ${taking('*', 'countersign/tokens')}`)
    expect(all.gzip - (await bundle(verbs)).gzip).toBeLessThan(1500)
  })
})

describe('countersign/x509', () => {
  it('adds less than 2.9 kB to a signer: the algorithm 2.2 kB, the provider the rest', async () => {
    const signer = taking('createSigner', 'countersign')
    const own = (await bundle(signer)).gzip
    for (const [names, most] of [
      ['x509', 2200],
      ['*', 2900],
    ] as const) {
      const all = await bundle(`${signer}; ${taking(names, 'countersign/x509')}`)
      expect(all.gzip - own).toBeLessThan(most)
    }
  })
})

describe('what a browser bundle leaves out', () => {
  it('is in the bundle of one who reads bodies', async () => {
    const { code } = await bundle(taking('readBody', 'countersign/s3'))
    expect(CHECKSUMS.filter((word) => !code.includes(word))).toEqual([])
  })

  it.each(FORBIDDEN)('{ %s } of %s has none of %j', async (names, from, words) => {
    const { code } = await bundle(taking(names, from))
    expect(words.filter((word) => code.includes(word))).toEqual([])
  })

  it('an import of nothing leaves nothing: no module does anything when loaded', async () => {
    const { code } = await bundle("import 'countersign'; import 'countersign/sync'")
    expect(code.trim()).toBe('')
  })
})

describe('every entry that a browser may load', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object }
  const entries = Object.keys(manifest.exports).filter((path) => !NODE_ONLY.includes(path))

  it.each(entries)('%s bundles without Node', async (path) => {
    const { code } = await bundle(taking('*', `countersign${path.slice(1)}`))
    expect(code).not.toMatch(/["']node:|\brequire\(/)
  })

  it('is not countersign/node-credentials, whose bundle fails at what Node has', async () => {
    const failed = bundle(taking('*', 'countersign/node-credentials'))
    await expect(failed).rejects.toThrow(/Could not resolve "node:/)
  })

  it('names the crypto that its platform has', async () => {
    expect((await bundle(taking('sign', 'countersign'))).code).toContain('subtle')
    expect((await bundle(taking('sign', 'countersign/sync'))).code).not.toContain('subtle')
  })
})
