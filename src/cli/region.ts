import { regionOfProfile } from '../node-credentials/files.ts'
import type { Call } from './options.ts'
import type { World } from './streams.ts'

/** The region that a call names, or what it asks for, the environment or the profile, in this order. */
export const regionOf = async (
  call: Call,
  inferred: string | undefined,
  env: World['env'],
): Promise<string | undefined> =>
  call.text('region') ??
  inferred ??
  env.AWS_REGION ??
  env.AWS_DEFAULT_REGION ??
  (await regionOfProfile(env, call.text('profile')))
