import { readFileSync } from 'node:fs'
import { explain, type MismatchCause, type ServerExplainOptions, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import type { Capture } from '../captures.ts'

/** What the capture says of a client's own reading of the rules, and what explain must call it. */
const CAUSES: Readonly<Record<string, readonly (readonly MismatchCause[])[]>> = {
  'S3 without x-amz-content-sha256': [['payload-hash-missing']],
  'query: raw unsorted; S3 without x-amz-content-sha256': [
    ['query-order', 'payload-hash-missing'],
    ['query-missing-equals', 'payload-hash-missing'],
  ],
  'non-S3 path with // or .. signed without normalisation': [['path-not-normalized']],
  'headers: collapse except "quoted"': [['header-blanks']],
  'headers: trimonly': [['header-blanks']],
}

const file = new URL('../captures/clients.json', import.meta.url)
const { captures } = JSON.parse(readFileSync(file, 'utf8')) as { captures: Capture[] }
const quirky = captures.filter(({ quirk, kind }) => quirk && kind !== 'post-policy')

const receivedOf = ({ method, url, headers, bodyBase64 }: Capture) => ({
  method,
  url,
  headers,
  body: Buffer.from(bodyBase64, 'base64'),
})

const optionsOf = ({ credentials, receivedAt }: Capture): ServerExplainOptions => ({
  service: 'any',
  now: new Date(receivedAt),
  unsignedPayload: 'accept',
  credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
})

describe('real clients that read the rules another way', () => {
  it('are ten', () => {
    expect(quirky.length).toBe(10)
    expect([...new Set(quirky.map(({ quirk }) => quirk))].sort()).toEqual(
      Object.keys(CAUSES).sort(),
    )
  })

  it.each(quirky.map((capture) => [capture.name, capture.quirk, capture] as const))(
    '%s (%s) is refused, and explained',
    async (_, quirk, capture) => {
      expect((await verify(receivedOf(capture), optionsOf(capture))).ok).toBe(false)
      const why = await explain(receivedOf(capture), optionsOf(capture))
      expect(CAUSES[quirk as string]).toContainEqual(why.causes)
      expect(why.certain).toBe(true)
    },
  )

  it.each(quirky.map((capture) => [capture.name, capture] as const))(
    'what %s signed comes out as theirs, and differs where the quirk is',
    async (_, capture) => {
      const why = await explain(receivedOf(capture), optionsOf(capture))
      const parts = { query: 'query', path: 'path', header: 'header' } as const
      const [cause = ''] = why.causes
      const part = Object.entries(parts).find(([name]) => cause.startsWith(name))?.[1]
      expect(why.differences.map((it) => it.part)).toEqual(part ? [part] : [])
      expect(why.theirs?.canonicalRequest).toBeDefined()
    },
  )
})

describe('real clients that keep to the rules', () => {
  const good = captures.filter(({ quirk, kind }) => !quirk && kind !== 'post-policy')

  it.each(good.map((capture) => [capture.name, capture] as const))(
    '%s matches',
    async (_, capture) => {
      expect((await explain(receivedOf(capture), optionsOf(capture))).matches).toBe(true)
    },
  )

  it.each(good.map((capture) => [capture.name, capture] as const))(
    '%s is explained where its path is changed',
    async (_, capture) => {
      const received = { ...receivedOf(capture), url: capture.url.replace(/^\/[^?]*/, '$&/more') }
      const why = await explain(received, { ...optionsOf(capture), budget: 200 })
      expect(why.matches).toBe(false)
    },
  )
})
