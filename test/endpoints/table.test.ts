import { readFileSync } from 'node:fs'
import { inferScope } from 'countersign'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Endpoint } from '../../scripts/endpoints/rules.ts'
import { dnsSuffix } from '../../src/endpoints/dns-suffix.ts'
import { describeWithPart } from '../real/parts.ts'
import { count, namesOf } from './counts.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('src/endpoints/table.ts', () => {
  it('has no suffix of what is no region', () => {
    for (const name of ['constructor-a-1', '__proto__-a-1', 'cnx-north-1', ''])
      expect(dnsSuffix(name)).toBe('amazonaws.com')
  })
})

describeWithPart('endpoint-rules', 'src/endpoints/table.ts and the pinned rules', () => {
  it('are one, by `npm run endpoints`', async () => {
    const { dependencies } = JSON.parse(read('scripts/endpoints/package.json'))
    expect(dependencies['@distilled.cloud/aws']).toMatch(/^\d+\.\d+\.\d+$/)
    const { endpointTable } = await import('../../scripts/endpoints/table.ts')
    expect(await endpointTable()).toBe(read('src/endpoints/table.ts'))
  })

  it('have the suffix of every region', async () => {
    const { partitions } = await import('../../scripts/endpoints/rules.ts')
    const regions = partitions.flatMap(({ regions, outputs }) =>
      Object.keys(regions)
        .filter((region) => !region.endsWith('-global'))
        .map((region) => [region, outputs.dnsSuffix]),
    )
    expect(regions.length).toBeGreaterThan(40)
    expect(regions.map(([region = '']) => [region, dnsSuffix(region)])).toEqual(regions)
  })
})

describe('inferScope', () => {
  it('tells 99 % of 933 names that the SDKs resolve, and is wrong of none', () => {
    const rows: { host: string; service: string; region: string }[] = JSON.parse(
      read('test/endpoints/endpoints.json'),
    )
    const names = namesOf(rows.map(({ host, service, region }) => [host, service, region]))
    expect(names.size).toBe(933)
    const { right, untold, wrong } = count(names)
    expect({ right, untold, wrong }).toEqual({
      right: 932,
      untold: ['codecatalyst.global.api.aws'],
      wrong: [],
    })
  })
})

describeWithPart('endpoint-rules', 'inferScope and the pinned rules', () => {
  let all: readonly Endpoint[]
  beforeAll(async () => {
    const { endpoints } = await import('../../scripts/endpoints/rules.ts')
    all = (await endpoints()).filter(({ asked }) => !asked.endsWith('-global'))
  })

  it('is wrong of no name that the rules know, and tells nearly all', () => {
    const names = namesOf(all.map(({ host, service, region }) => [host, service, region]))
    expect(names.size).toBeGreaterThan(60_000)
    const { right, wrong } = count(names)
    expect(wrong).toEqual([])
    expect(right / names.size).toBeGreaterThan(0.989)
  })

  it('tells all of them by the names that clients ask when only a region is set', () => {
    const plain = all.filter(({ isPlain, region }) => isPlain && region !== '*')
    const names = namesOf(plain.map(({ host, service, region }) => [host, service, region]))
    const { right, untold, wrong } = count(names)
    expect(wrong).toEqual([])
    // CodeCatalyst takes tokens; sign-in has suffixes of its own; the rest has no single region.
    const exempt = /^codecatalyst\.|\.signin\.|^api\.sustainability\./
    expect(untold.filter((host) => !exempt.test(host))).toEqual([])
    expect(right).toBeGreaterThan(15_000)
  })

  it('tells no region of what is signed for all', () => {
    const hosts = all.filter(({ region }) => region === '*').map(({ host }) => host)
    expect(hosts).toContain('name.mrap.accesspoint.s3-global.amazonaws.com')
    for (const host of hosts) expect(inferScope(`https://${host}/`).region).toBeUndefined()
  })
})
