import { formatAmzDate } from '../lib/time.ts'
import { ensure } from '../model/errors.ts'

/** `20150830/us-east-1/s3/aws4_request`; region and service are the caller's, never guessed. */
export const formatScope = (date: string, scope: { region: string; service: string }): string => {
  const part = (name: 'region' | 'service') =>
    ensure(/^[!-.0-~]+$/.test(scope[name]) && scope[name], 'invalid-scope', name)
  return `${date.slice(0, 8)}/${part('region')}/${part('service')}/aws4_request`
}

/** When a signature is made, and for what. */
export type Stamp = (
  date: Date,
  scope: { region: string; service: string },
) => readonly [amzDate: string, credentialScope: string]

/** The stamp of a date, region and service. */
export const stampOf: Stamp = (date, scope) => {
  const amzDate = formatAmzDate(date)
  return [amzDate, formatScope(amzDate, scope)]
}

/** A stamp that is made again for another date, region or service alone; a date is told by its object. */
export function stampOnce(): Stamp {
  let of: readonly unknown[] = []
  let stamp: ReturnType<Stamp>
  return (date, scope) => {
    const { region, service } = scope
    if (of[0] !== date || of[1] !== region || of[2] !== service) {
      stamp = stampOf(date, scope)
      of = [date, region, service]
    }
    return stamp
  }
}
