import { type Profile, withProfile } from '../canonical/profile.ts'
import type { CanonicalOptions } from '../model/types.ts'
import type { VerifyOptions } from '../model/verify-types.ts'

/** How a service reads a path and a session token that arrived. */
export type ReceivedProfile = Profile & Pick<CanonicalOptions, 'dotSegments' | 'encodedSlash'>

/** How a service reads a request that arrived. */
export const profileOf = (service: string, options: Partial<VerifyOptions>): ReceivedProfile =>
  // A path that has arrived is resolved by nobody any more.
  withProfile({ ...options, service, dotSegments: 'literal' as const })
