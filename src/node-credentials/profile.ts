import { fromEnv } from '../credentials/env.ts'
import type { PromisedProvider } from '../credentials/promised.ts'
import { failWith } from '../model/errors.ts'
import type { SignedStsOptions } from '../providers/sts.ts'
import { containerSource } from './container.ts'
import { passOnFault, pathsIn, profileNameIn, readProfiles } from './files.ts'
import { instanceSource } from './instance.ts'
import {
  type Environment,
  environmentOf,
  type MachineCredentials,
  remembering,
  type Source,
} from './machine.ts'
import { askCommand, printedCredentials } from './process.ts'
import { askProfile } from './role-chain.ts'
import { type MachineStsOptions, stsOf } from './sts.ts'

/** Which profile, and who is asked for the code of its MFA device. */
export interface ProfileOptions extends MachineStsOptions {
  /** Name of the profile. Default: `AWS_PROFILE`, or `default`. */
  profile?: string | undefined
  /** Asks the caller for the code that the MFA device shows, with the profile's `mfa_serial`. Default: such a profile is refused. */
  tokenCode?: SignedStsOptions['tokenCode']
}

const NO_LOADER = 'profiles are read by an optional peer: npm i @smithy/shared-ini-file-loader'

/** Credentials of IAM Identity Center, by the SDK's own provider, which has its session in the home. */
async function askSso(environment: Environment, profile: string): Promise<MachineCredentials> {
  let peer: Pick<typeof import('@aws-sdk/credential-provider-sso'), 'fromSSO'>
  try {
    peer = await import(/* webpackIgnore: true */ '@aws-sdk/credential-provider-sso')
  } catch (error) {
    passOnFault(error)
    return failWith(
      'invalid-credentials',
      `profile ${profile} signs in by SSO, for which an optional peer is needed: npm i @aws-sdk/credential-provider-sso.`,
    )
  }
  return (await peer.fromSSO({ ...pathsIn(environment), profile })()) as MachineCredentials
}

export function profileSource(options: ProfileOptions): Source {
  const instance = instanceSource(options)
  const container = containerSource(options)
  // What a command prints without an end is good until something fresh is wanted.
  const printed = new Map<string, MachineCredentials>()

  return async (isForced) => {
    if (isForced) printed.clear()
    const environment = environmentOf(options)
    const name = options.profile || profileNameIn(environment)
    const profiles = await readProfiles(environment)
    if (!profiles) {
      if (options.profile || environment.AWS_PROFILE)
        failWith('invalid-credentials', `a profile is named, and ${NO_LOADER}.`)
      return { absent: NO_LOADER }
    }
    const command = async (line: string, accountId: string | undefined) => {
      const known = printed.get(line)
      if (known) return known
      const record = await askCommand(line, environment)
      if (record.Version !== 1)
        failWith('invalid-credentials', 'credential_process prints no JSON of Version 1.')
      const credentials = printedCredentials(record, accountId)
      if (!credentials.expiration) printed.set(line, credentials)
      return credentials
    }
    const reading = {
      ...{ environment, profiles, command, tokenCode: options.tokenCode },
      sts: stsOf(options, Object.hasOwn(profiles, name) ? profiles[name]?.region : undefined),
      sso: (profile: string) => askSso(environment, profile),
      sources: {
        Environment: async () => fromEnv(environment)(),
        EcsContainer: () => container(isForced),
        Ec2InstanceMetadata: () => instance(isForced),
      },
    }
    return askProfile(reading, [name])
  }
}

/**
 * A provider of a profile of the shared files (`~/.aws/config`, `~/.aws/credentials`, or
 * `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`), which are read each time that it asks: keys; roles,
 * `role_arn` with `source_profile`, `credential_source` or `web_identity_token_file`, and with
 * `external_id`, `duration_seconds`, `role_session_name` and `mfa_serial`; `credential_process`; SSO.
 * Remembers a session until five minutes before it expires.
 *
 * The optional peer `@smithy/shared-ini-file-loader` reads the files, and for SSO
 * `@aws-sdk/credential-provider-sso` signs in, in the process's own home.
 *
 * @throws CountersignError by the provider: `invalid-credentials` where there is no such profile, a peer
 * is missing, profiles lead in a circle or a command fails, `invalid-options` where `mfa_serial` has no
 * `tokenCode`, `expired-credentials`, `credentials-refused` with STS's own code in `error.service`, and
 * as `fromContainer` and `fromInstance`; what `fetch`, `tokenCode` and the peers throw is passed on
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @example
 * const credentials = fromProfile({
 *   profile: 'production',
 *   tokenCode: (serialNumber) => ask(`Code of ${serialNumber}: `),
 * })
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
 */
export const fromProfile = (options: ProfileOptions = {}): PromisedProvider<MachineCredentials> =>
  remembering(profileSource(options))
