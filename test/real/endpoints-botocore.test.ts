import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { count, namesOf } from '../endpoints/counts.ts'
import { describeWithPart, requirePart } from './parts.ts'

type Row = readonly [host: string, service: string, region: string]

const script = fileURLToPath(new URL('endpoint-names.py', import.meta.url))

/**
 * Where botocore of 2022 and the SDKs of today do not agree: IoT's control plane was signed as
 * `execute-api`, sign-on's tokens were not signed at all, and Health had one region.
 */
const DISPUTED = /^(?:iot|oidc|health)(?:-fips)?\./

// The table is made of another package's rules; of botocore it has the services that have ended since.
describeWithPart('boto3', 'inferScope, by botocore', () => {
  const python = () => execFileSync(requirePart('boto3'), [script], { maxBuffer: 2 ** 26 })
  let read: { rules: Row[]; list: Row[] } | undefined
  const rows = () => {
    read ??= JSON.parse(python().toString()) as { rules: Row[]; list: Row[] }
    return read
  }

  it('tells 99 % of the endpoints that it lists, and is wrong of none', { timeout: 60_000 }, () => {
    const names = namesOf(rows().list)
    expect(names.size).toBeGreaterThan(5000)
    const { right, wrong } = count(names)
    expect(wrong.filter((host) => !DISPUTED.test(host))).toEqual([])
    expect(right / names.size).toBeGreaterThan(0.99)
  })

  it('is wrong of no name that its rules make of any region', { timeout: 60_000 }, () => {
    const names = namesOf(rows().rules)
    expect(names.size).toBeGreaterThan(35_000)
    const { right, wrong } = count(names)
    expect(wrong.filter((host) => !DISPUTED.test(host))).toEqual([])
    // The rest are names of global services in a region where they are not.
    expect(right / names.size).toBeGreaterThan(0.96)
  })

  it('tells 99 % of them in the first region of each partition', { timeout: 60_000 }, () => {
    const firsts = [
      'us-east-1',
      'cn-northwest-1',
      'us-gov-west-1',
      'us-iso-east-1',
      'us-isob-east-1',
    ]
    const region = /[a-z]+(?:-[a-z]+)+-\d(?=\.)/
    const names = namesOf(
      rows().rules.filter(
        ([host]) => !DISPUTED.test(host) && firsts.includes(region.exec(host)?.[0] ?? 'us-east-1'),
      ),
    )
    expect(names.size).toBeGreaterThan(4000)
    const { right, wrong } = count(names)
    expect(wrong).toEqual([])
    expect(right / names.size).toBeGreaterThan(0.99)
  })
})
