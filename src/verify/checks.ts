import { type Refused, refuse } from '../refusal.ts'
import { lowerCase } from '../road/headers.ts'
import type { Profile } from '../road/profile.ts'
import type { Claim, VerifyOptions } from '../verify-types.ts'
import type { Received } from './received.ts'

type Check = (
  claim: Claim,
  received: Received,
  options: VerifyOptions,
  profile: Profile,
) => Refused | undefined

const includes = (expected: string | readonly string[], value: string | undefined): boolean =>
  typeof expected === 'string' ? expected === value : expected.includes(value as string)

/** The scope's day is the signature's, its service always and its region where one is expected. */
const checkScope: Check = ({ scope, signedAt }, _received, { service, region }) => {
  const day = signedAt.toISOString().slice(0, 10).replace(/-/g, '')
  if (scope.date !== day)
    return refuse(
      'scope-mismatch',
      `The credential's date ${scope.date} is not that of the signature, ${day}.`,
    )
  if (service !== 'any' && !includes(service, scope.service))
    return refuse(
      'scope-mismatch',
      `The credential is for service ${JSON.stringify(scope.service)}, not ${service}.`,
    )
  if (region !== undefined && scope.region !== undefined && !includes(region, scope.region))
    return refuse(
      'scope-mismatch',
      `The credential is for region ${JSON.stringify(scope.region)}, not ${region}.`,
    )
  return undefined
}

/** A header-signed request is judged by the skew window, a presigned one by its own expiry. */
const checkTime: Check = ({ signedAt, expiresIn }, _received, options) => {
  const { now = new Date(), maxClockSkew = 900, maxExpiresIn = 604800 } = options
  const times = { request: signedAt, server: now }
  const age = (Number(now) - Number(signedAt)) / 1000
  if (expiresIn === undefined)
    return Math.abs(age) <= maxClockSkew
      ? undefined
      : refuse('clock-skew', 'The request time and the server time are too far apart.', { times })
  if (!(expiresIn >= 1 && expiresIn <= maxExpiresIn))
    return refuse('malformed-authorization', `X-Amz-Expires must be 1 to ${maxExpiresIn} seconds.`)
  if (!(age >= -maxClockSkew))
    return refuse('not-yet-valid', 'The URL is not valid yet.', { times })
  return age <= expiresIn ? undefined : refuse('expired', 'The URL has expired.', { times })
}

/** Host and date are signed, and every x-amz-* header; what is signed is there. */
const checkSignedHeaders: Check = (claim, { headers }, options, profile) => {
  const { signedHeaders, placement } = claim
  const missing = signedHeaders.find((name) => !headers.has(name))
  if (missing)
    return refuse('signed-header-missing', `The signed header ${missing} did not arrive.`)
  const signed = new Set(signedHeaders)
  const tolerated = lowerCase(options.toleratedUnsignedHeaders)
  if (profile.sessionToken === 'appended')
    tolerated.push(profile.sessionTokenName ?? 'x-amz-security-token')
  const needed = placement === 'query' ? [] : [headers.has('x-amz-date') ? 'x-amz-date' : 'date']
  const amazon = [...headers.keys()].filter((name) => name.startsWith('x-amz-'))
  const unsigned =
    ['host', ...needed].find((name) => !signed.has(name)) ??
    amazon.find((name) => !signed.has(name) && !tolerated.includes(name))
  return unsigned ? refuse('unsigned-headers', `The header ${unsigned} must be signed.`) : undefined
}

/** What can be refused before a key is asked for, in the order of the answers. */
export const CHECKS: readonly Check[] = [checkScope, checkTime, checkSignedHeaders]
