import { isListed, nameList } from '../canonical/headers.ts'
import type { Profile } from '../canonical/profile.ts'
import { tokenNameOf } from '../canonical/token-name.ts'
import {
  malformed,
  type RefusalReason,
  type Refused,
  refuse,
  repeatable,
} from '../model/refusal.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { isAmbiguous } from './path-form.ts'
import type { Reading } from './read.ts'

type Check = (reading: Reading, options: VerifyOptions, now: number) => Refused | undefined

const includes = (expected: string | readonly string[], value: string | undefined): boolean =>
  typeof expected === 'string' ? expected === value : expected.includes(value as string)

/** The scope's day is the signature's, its service always and its region where one is expected. */
const checkScope: Check = ({ statement }, { service, region }) => {
  const { amzDate, algorithm } = statement
  const { scope } = statement.claim
  const wrong = (part: 'date' | 'service' | 'region', stated: string, expected: unknown) =>
    refuse(
      'scope-mismatch',
      `The ${part} '${repeatable(stated)}' is wrong; expecting '${expected}'.`,
      {
        about: { part },
      },
    )
  const day = amzDate.slice(0, 8)
  if (scope.date !== day) return wrong('date', scope.date, day)
  if (service !== 'any' && !includes(service, scope.service))
    return wrong('service', scope.service, service)
  if (region === undefined) return undefined
  const { regionSet } = scope
  const isOurs = regionSet
    ? [region].flat().some((name) => algorithm.includesRegion?.(regionSet, name))
    : includes(region, scope.region)
  return isOurs ? undefined : wrong('region', `${regionSet ?? scope.region}`, region)
}

/** What is asked is one host and one path, whoever reads them. */
const checkTarget: Check = ({ received, profile }, { pathForm }) =>
  received.otherHost
    ? refuse('host-mismatch', 'The host is not that of the target.', {
        about: { header: 'host' },
      })
    : pathForm !== 'any' && isAmbiguous(received.path, profile)
      ? refuse('ambiguous-path', 'The path has dot or empty segments or %00.', {
          about: { part: 'url' },
        })
      : undefined

/** A request that states no life is judged by the skew window, a presigned one by its own expiry. */
const checkTime: Check = ({ statement }, options, now) => {
  const { signedAt, expiresIn } = statement.claim
  const { maxClockSkew = 900, maxExpiresIn = 604800 } = options
  const age = (now - signedAt.getTime()) / 1000
  const refuseNow = (reason: RefusalReason, message: string) =>
    refuse(reason, message, { times: { request: signedAt, server: new Date(now) } })
  if (expiresIn === undefined)
    return Math.abs(age) <= maxClockSkew
      ? undefined
      : refuseNow('clock-skew', 'The request and server times are too far apart.')
  if (!(expiresIn && expiresIn <= maxExpiresIn))
    return malformed(`X-Amz-Expires must be 1 to ${maxExpiresIn} seconds.`, {
      parameter: 'X-Amz-Expires',
      part: 'expires',
    })
  if (!(age >= -maxClockSkew)) return refuseNow('not-yet-valid', 'The URL is not valid yet.')
  return age <= expiresIn ? undefined : refuseNow('expired', 'The URL has expired.')
}

/** Host and date are signed, and every x-amz-* header, with _ too, as gateways take it for -; what is signed is there. */
const checkSignedHeaders: Check = ({ received, statement, profile }, options) => {
  const { fields } = received
  const { signed } = statement
  const { signedHeaders, placement, scope } = statement.claim
  const unsigned = (header: string) =>
    refuse('unsigned-headers', `The header ${repeatable(header)} is not signed.`, {
      about: { header },
    })
  let arrived = 0
  let left: string | undefined
  for (const name in fields)
    if (signed.has(name)) arrived++
    else if (!left && /^x[-_]amz[-_]/.test(name) && !tolerates(name, options, profile)) left = name
  if (arrived < signed.size)
    for (const name of signedHeaders)
      if (!Object.hasOwn(fields, name) && name !== ':authority')
        return refuse(
          'signed-header-missing',
          `The signed header ${repeatable(name)} did not arrive.`,
          {
            about: { header: name },
          },
        )
  // What signs HTTP/2 as it goes to the wire has :authority in place of host.
  if (!signed.has('host') && !signed.has(':authority')) return unsigned('host')
  const date = 'x-amz-date' in fields ? 'x-amz-date' : 'date'
  if (placement === 'header') {
    if (!signed.has(date)) return unsigned(date)
    if (scope.regionSet && !signed.has('x-amz-region-set')) return unsigned('x-amz-region-set')
  }
  return left ? unsigned(left) : undefined
}

const tolerates = (name: string, options: VerifyOptions, profile: Profile): boolean | undefined =>
  // Clients of OpenSearch send it unsigned; as the payload line, it is proved by the signature.
  (name === 'x-amz-content-sha256' && profile.pathEncoding !== 'single') ||
  isListed(nameList(options.toleratedUnsignedHeaders ?? []), name) ||
  (profile.sessionToken === 'appended' && name === tokenNameOf(profile))

/** What can be refused before a key is asked for, in the order of the answers. */
export const check: Check = (reading, options, now) =>
  checkScope(reading, options, now) ??
  checkTarget(reading, options, now) ??
  checkTime(reading, options, now) ??
  checkSignedHeaders(reading, options, now)
