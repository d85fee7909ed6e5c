import { ensure } from '../../model/errors.ts'
import type { RegionSet } from '../../model/types.ts'

/** A region set as it stands in `x-amz-region-set`: `us-west-*,eu-west-1`. */
export const formatRegionSet = (regions: RegionSet | undefined): string => {
  const text = [regions ?? []].flat().join()
  const valid = text.split(',').every((name) => /^[\w*.-]+$/.test(name))
  return ensure(valid && text, 'invalid-scope', 'regionSet, as * or us-west-*')
}

/** Whether a name has the form of a pattern; in linear time, as the pattern is the sender's. */
function fits(name: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*')
  const end = rest.pop()
  if (end === undefined) return name === pattern
  const middle = name.slice(start.length, name.length - end.length)
  let at = 0
  for (const part of rest) {
    const found = middle.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end)
}

/** Whether a region is one of a region set. */
export const includesRegion = (regions: readonly string[], region: string): boolean =>
  regions.some((pattern) => fits(region, pattern))
