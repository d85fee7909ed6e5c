import { describe, expect, it } from 'vitest'
import { formatRegionSet, includesRegion } from '../../src/algorithms/sigv4a/region-set.ts'
import { fc } from '../support/properties.ts'

describe('a region set', () => {
  it.each([
    ['*', 'eu-west-1', true],
    ['us-west-*', 'us-west-2', true],
    ['us-west-*', 'us-west-', true],
    ['us-west-*', 'us-west', false],
    ['us-west-*', 'us-east-1', false],
    ['us-west-*', 'xus-west-2', false],
    ['us-*-1', 'us-gov-west-1', true],
    ['us-*-1', 'us-gov-west-2', false],
    ['us-*-1', 'us-1', false],
    ['*-1', 'eu-west-1', true],
    ['*west*', 'eu-west-1', true],
    ['*west*', 'eu-east-1', false],
    ['a*a', 'a', false],
    ['a**a', 'aa', true],
    ['*ab*b', 'ab', false],
    ['us-west-2', 'us-west-2', true],
    ['us-west-2', 'us-west-20', false],
    ['us-west-2', 'US-WEST-2', false],
    ['us.west.2', 'us-west-2', false],
    ['', 'us-west-2', false],
    ['', '', true],
  ])('%j holds %j: %s', (pattern, region, held) => {
    expect(includesRegion([pattern], region)).toBe(held)
  })

  it('holds a region that any of its patterns has', () => {
    expect(includesRegion(['eu-west-1', 'us-west-*'], 'us-west-2')).toBe(true)
    expect(includesRegion(['eu-west-1', 'us-west-*'], 'eu-west-2')).toBe(false)
    expect(includesRegion([], 'eu-west-2')).toBe(false)
  })

  it('reads wildcards as a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '*'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, text, (pattern, name) => {
        const form = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
        expect(includesRegion([pattern], name)).toBe(form.test(name))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes no time for a pattern that is made to take long', () => {
    const start = performance.now()
    expect(includesRegion([`${'*a'.repeat(4000)}b`], 'a'.repeat(4000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(200)
  })

  it.each([
    ['*', '*'],
    ['us-west-*', 'us-west-*'],
    ['us-east-1,eu-west-1', 'us-east-1,eu-west-1'],
    [['us-east-1', 'eu-*'], 'us-east-1,eu-*'],
  ])('%j is written as %s', (regions, text) => {
    expect(formatRegionSet(regions)).toBe(text)
  })

  it.each([[undefined], [''], [[]], ['a b'], ['a,'], ['a\nb'], [['a', '']], ['ä']])(
    'refuses %j',
    (regions) => {
      expect(() => formatRegionSet(regions)).toThrow(
        expect.objectContaining({ code: 'invalid-scope' }),
      )
    },
  )
})
