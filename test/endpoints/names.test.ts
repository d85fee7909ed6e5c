import { inferScope } from 'countersign'
import { describe, expect, it } from 'vitest'
import { DUAL_STACK_SUFFIXES, SERVICES, SIGNING_NAMES } from '../../src/endpoints/table.ts'
import { fc } from '../support/properties.ts'

const labels = [...SERVICES.trim().split(' '), ...Object.keys(SIGNING_NAMES)]

const REGIONS: readonly (readonly [region: string, suffix: string])[] = [
  ...(['amazonaws.com', 'api.aws', 'vpce.amazonaws.com'] as const).map(
    (it) => ['eu-west-1', it] as const,
  ),
  ['us-gov-west-1', 'amazonaws.com'],
  ['cn-north-1', 'amazonaws.com.cn'],
  ['cn-north-1', 'api.amazonwebservices.com.cn'],
  ['eusc-de-east-1', 'amazonaws.eu'],
  ['us-iso-east-1', 'c2s.ic.gov'],
  ['us-isob-east-1', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'csp.hci.ic.gov'],
]

/** What people call buckets, and what looks like a part of an endpoint. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z\d]([a-z\d-]{0,20}[a-z\d])?$/),
  fc.constantFrom('my-bucket-1', 'eu-west-1', 'cn-north-1', 's3', 's3-eu-west-1', 'vpce', 'global'),
  fc.constantFrom('us-gov', 'dualstack', 'amazonaws', 'com', 'constructor', 'vpce-0a1b-2c3d'),
  fc.constantFrom(...labels),
)

const scope = (host: string) => inferScope(`https://${host}/`)

/** Whether names make another label of the one to their right: `data` of `iot`, or a device of it. */
const joins = (names: readonly string[], label: string) =>
  [1, 2].some((n) => SIGNING_NAMES[[...names.slice(-n), label].join('.')] !== undefined) ||
  (label === 'iot' && /-ats$|^a[\da-z]{12,13}$/.test(names.at(-1) ?? ''))

describe('what stands to the left of a label', () => {
  it('never changes the scope', () => {
    const known = new Set<string | undefined>()
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...labels),
        fc.constantFrom(...REGIONS),
        (names, label, [region, suffix]) => {
          fc.pre(!joins(names.join('.').split('.'), label))
          const plain = scope(`${label}.${region}.${suffix}`)
          known.add(plain.service)
          expect(plain.service).toBe(SIGNING_NAMES[label] ?? label)
          expect(scope(`${names.join('.')}.${label}.${region}.${suffix}`)).toEqual(plain)
        },
      ),
      { numRuns: 3000 },
    )
    expect(known.size).toBeGreaterThan(100)
  })

  it('never changes it where the name tells no region', () => {
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('s3', 'sts', 'iam', 's3-accelerate'),
        (names, label) => {
          // A cluster of a database has its region there, and is signed for by another name.
          const last = names.filter((it) => it !== 'dualstack').at(-1) ?? ''
          fc.pre(/^s3/.test(label) || !/^[a-z]+-[a-z]+-\d$/.test(last))
          const plain = scope(`${label}.amazonaws.com`)
          expect(plain.service).toBe(SIGNING_NAMES[label] ?? label)
          expect(scope(`${names.join('.')}.${label}.amazonaws.com`)).toEqual(plain)
        },
      ),
    )
  })
})

describe('what is no endpoint', () => {
  it.each([
    'example.com',
    'localhost:9000',
    '127.0.0.1',
    '[::1]:9000',
    'amazonaws.com',
    'api.aws',
    's3.eu-west-1.notamazonaws.com',
    's3.eu-west-1.amazonaws.com.example.com',
    's3.eu-west-1.amazonaws.org',
    's3.eu-west-1.cn',
    'eu-west-1.amazonaws.com',
    'vpce.eu-west-1.amazonaws.com',
    'vpce-svc-0a1b2c3d.eu-west-1.vpce.amazonaws.com',
    'global.eu-west-1.amazonaws.com',
    'global.api.aws',
    'us-gov.amazonaws.com',
    'ec2-192-0-2-1.eu-west-1.compute.amazonaws.com',
    'name-1234567890.eu-west-1.elb.amazonaws.com',
    'name.abc.eu-west-1.rds.amazonaws.com',
    'name.abc.eu-west-1.redshift.amazonaws.com',
    'abc.gr7.eu-west-1.eks.amazonaws.com',
    'bucket.s3-website-eu-west-1.amazonaws.com',
    'bucket.s3-website.eu-central-1.amazonaws.com',
    'email-smtp.eu-west-1.amazonaws.com',
    'new-service-of-tomorrow.eu-west-1.amazonaws.com',
    'constructor.eu-west-1.amazonaws.com',
    '__proto__.eu-west-1.amazonaws.com',
  ])('tells nothing: %s', (host) => {
    expect(scope(host)).toEqual({})
  })

  it.each([
    ['a region of another partition', 's3.cn-north-1.amazonaws.com'],
    ['a region of no partition', 's3.my-bucket-1.amazonaws.com'],
    ['one that is no whole label', 's3.xeu-west-1.amazonaws.com'],
    ['one with more behind it', 's3.eu-west-1.more.amazonaws.com'],
  ])('tells no region by %s', (_, host) => {
    expect(scope(host)).toEqual({})
  })

  it('tells nothing of a label that is not known', () => {
    const unknown = fc.stringMatching(/^[a-z\d-]{1,30}$/).filter((it) => !labels.includes(it))
    fc.assert(
      fc.property(fc.array(name), unknown, fc.constantFrom(...REGIONS), (names, label, place) => {
        fc.pre(!/-fips|^s3express-|^dualstack$|^us-gov$|^global$|^vpce$/.test(label))
        const host = [...names, label, ...place].join('.')
        fc.pre(!labels.some((it) => it.includes('.') && host.includes(`.${it}.`)))
        expect(scope(host)).toEqual({})
      }),
    )
  })

  it('throws nothing, and tells words, whatever the host', () => {
    const suffix = fc.constantFrom('amazonaws.com', ...Object.keys(DUAL_STACK_SUFFIXES), 'example')
    const label = fc.oneof(name, fc.stringMatching(/^[-.~_a-z\d]{0,12}$/))
    fc.assert(
      fc.property(fc.array(label), suffix, fc.nat(70_000), (names, end, port) => {
        const { service = 's3', region = 'eu-west-1' } = scope(
          `x${names.map((it) => `${it}.`).join('')}${end}:${port}`,
        )
        expect([service, region].join()).toMatch(/^[\w-]+,[a-z]+(-[a-z]+)+-\d+$/)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads a name of any length in one go', () => {
    const long = 500_000
    expect(scope(`${'a.'.repeat(long)}s3.eu-west-1.amazonaws.com`).region).toBe('eu-west-1')
    expect(scope(`${'s3-fips-'.repeat(long / 4)}.eu-west-1.amazonaws.com`)).toEqual({})
    expect(scope(`${'eu-west-1.'.repeat(long / 4)}amazonaws.com`)).toEqual({})
    expect(scope(`s3.${'us-'.repeat(long)}1.amazonaws.com`)).toEqual({})
  })
})
