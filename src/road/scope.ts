import { ensure } from '../errors.ts'
import { formatAmzDate } from '../lib/time.ts'

/** `20150830/us-east-1/s3/aws4_request`; region and service are the caller's, never guessed. */
export const formatScope = (
  date: string,
  { region, service }: { region: string; service: string },
): string => {
  const names = /^[!-.0-~]+\/[!-.0-~]+$/.exec([region, service].join('/'))
  return `${date.slice(0, 8)}/${ensure(names, 'invalid-scope', 'region and service')}/aws4_request`
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

/** A stamp that is made once a second, and again for another region or service. */
export function stampEachSecond(): Stamp {
  let second: number
  let region: string
  let service: string
  let stamp: ReturnType<Stamp>
  return (date, scope) => {
    const now = Math.floor(Number(date) / 1000)
    if (now !== second || scope.region !== region || scope.service !== service) {
      stamp = stampOf(date, scope)
      second = now
      region = scope.region
      service = scope.service
    }
    return stamp
  }
}
