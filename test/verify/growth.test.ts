import { awsError, type Refused } from 'countersign'
import { explain, presign, sign, verify } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { BOUND, growthOf } from '../support/growth.ts'
import { credentials, now, verifying } from './common.ts'
import { LARGE, refusalOf, requestOf, SERVICES } from './large.ts'

const cases = SERVICES.flatMap((service) =>
  Object.entries(LARGE).map(([name, row]) => [name, service, ...row] as const),
)

describe('what a stranger sends costs no more than its size', { timeout: 120_000 }, () => {
  const options = { ...verifying, service: 'any', pathForm: 'any' } as const

  it.each(cases)('to verify, and to answer: %s, for %s', async (_, service, size, want, make) => {
    const growth = await growthOf(size, (n) => {
      const request = requestOf(make(n), service)
      return () => {
        const result = verify(request, options) as Refused
        expect(result.reason).toBe(refusalOf(request, want))
        for (const protocol of ['s3', 'json', 'query'] as const) awsError(result, protocol)
      }
    })
    expect(growth).toBeLessThan(BOUND)
  })

  it.each(cases)('to explain: %s, for %s', async (_, service, size, _want, make) => {
    const growth = await growthOf(size / 4, (n) => {
      const request = requestOf(make(n), service)
      return () => String(explain(request, { ...options, budget: 0 }))
    })
    expect(growth).toBeLessThan(BOUND)
  })

  it.each(cases)('to sign and presign: %s, for %s', async (_, service, size, _want, make) => {
    const growth = await growthOf(size, (n) => {
      const { method = 'GET', url, headers = {} } = requestOf(make(n), service)
      const signing = { service, region: 'us-east-1', credentials, signingDate: now }
      const request = { method, url: url.startsWith('/') ? `https://a.b${url}` : url, headers }
      return () => {
        for (const call of [sign, presign])
          for (const dotSegments of ['literal', 'refuse'] as const)
            try {
              call(request, { ...signing, dotSegments })
            } catch (error) {
              expect(error).toHaveProperty('code')
            }
      }
    })
    expect(growth).toBeLessThan(BOUND)
  })
})
