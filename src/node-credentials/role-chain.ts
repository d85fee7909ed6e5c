import { ensure, failWith } from '../model/errors.ts'
import { assumeRole } from '../providers/assume-role.ts'
import type { SignedStsOptions, StsOptions } from '../providers/sts.ts'
import type { Profile } from './files.ts'
import { type Absent, type Environment, isAbsent, type MachineCredentials } from './machine.ts'
import { ofRole } from './sts.ts'
import { askWithFile } from './web-identity.ts'

/** What profiles are read with. */
export interface Reading {
  readonly environment: Environment
  readonly profiles: Readonly<Record<string, Profile>>
  /** The same for every role on the way, by the region of the profile that was asked for. */
  readonly sts: StsOptions
  readonly tokenCode: SignedStsOptions['tokenCode']
  /** Credentials of what a profile may name as `credential_source`. */
  readonly sources: Readonly<Record<string, () => Promise<MachineCredentials | Absent>>>
  command(command: string, accountId: string | undefined): Promise<MachineCredentials>
  sso(profile: string): Promise<MachineCredentials>
}

/** The keys that stand in a profile, where it has some. */
function keysIn(profile: Profile): MachineCredentials | undefined {
  const {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
    aws_credential_scope: credentialScope,
    aws_account_id: accountId,
  } = profile
  if (!accessKeyId || !secretAccessKey) return undefined
  return {
    ...{ accessKeyId, secretAccessKey },
    ...(sessionToken && { sessionToken }),
    ...(credentialScope && { credentialScope }),
    ...(accountId && { accountId }),
  }
}

/** Asks what a profile names in place of another profile. */
function askNamed(
  reading: Reading,
  name: string,
  source: string,
): Promise<MachineCredentials | Absent> {
  const ask = Object.hasOwn(reading.sources, source) && reading.sources[source]
  if (!ask)
    return failWith(
      'invalid-credentials',
      `credential_source of profile ${name} is none of ${Object.keys(reading.sources).join(', ')}.`,
    )
  return ask()
}

/** Asks the profile that another names. */
function askNext(
  reading: Reading,
  road: readonly string[],
  next: string,
): Promise<MachineCredentials | Absent> {
  const longer = [...road, next]
  // A profile may be its own source once: for the keys that stand in it.
  if (road.slice(1).includes(next))
    failWith('invalid-credentials', `profiles lead in a circle: ${longer.join(' → ')}.`)
  return askProfile(reading, longer)
}

/** The credentials that a role is taken on with. */
async function askSource(reading: Reading, road: readonly string[]): Promise<MachineCredentials> {
  const name = road.at(-1) as string
  const { source_profile: next, credential_source: source } = reading.profiles[name] as Profile
  const answer = await (next
    ? askNext(reading, road, next)
    : askNamed(reading, name, source as string))
  return isAbsent(answer)
    ? failWith('invalid-credentials', `profile ${name} has no source: ${answer.absent}.`)
    : answer
}

async function askRole(
  reading: Reading,
  road: readonly string[],
  roleArn: string,
): Promise<MachineCredentials> {
  const name = road.at(-1) as string
  const { mfa_serial, external_id, duration_seconds, role_session_name } = reading.profiles[
    name
  ] as Profile
  if (duration_seconds && !/^\d+$/.test(duration_seconds))
    failWith('invalid-credentials', `duration_seconds of profile ${name} is no whole number.`)
  ensure(
    !mfa_serial || reading.tokenCode,
    'invalid-options',
    `tokenCode, as profile ${name} has an mfa_serial`,
  )
  const session = await assumeRole({
    ...reading.sts,
    credentials: await askSource(reading, road),
    roleArn,
    roleSessionName: role_session_name,
    externalId: external_id,
    durationSeconds: duration_seconds ? Number(duration_seconds) : undefined,
    serialNumber: mfa_serial,
    tokenCode: reading.tokenCode,
  })()
  return ofRole(session, roleArn)
}

/** Credentials of the last profile on a road that began with the one that was asked for. */
export async function askProfile(
  reading: Reading,
  road: readonly string[],
): Promise<MachineCredentials | Absent> {
  const name = road.at(-1) as string
  if (!Object.hasOwn(reading.profiles, name)) return { absent: `no file has a profile ${name}` }
  const profile = reading.profiles[name] as Profile
  const { role_arn, source_profile, credential_source, web_identity_token_file } = profile
  const keys = keysIn(profile)
  const isSource = road.length > 1
  if (isSource && keys) return keys
  if (role_arn && !source_profile !== !credential_source) return askRole(reading, road, role_arn)
  if (isSource && credential_source && !role_arn) return askSource(reading, road)
  if (keys) return keys
  if (role_arn && web_identity_token_file)
    return askWithFile(reading.sts, {
      roleArn: role_arn,
      roleSessionName: profile.role_session_name,
      file: web_identity_token_file,
      named: `web_identity_token_file of profile ${name}`,
    })
  if (profile.credential_process)
    return reading.command(profile.credential_process, profile.aws_account_id)
  if (['sso_session', 'sso_start_url', 'sso_account_id'].some((line) => profile[line]))
    return reading.sso(name)
  return { absent: `profile ${name} names no credentials that are read here` }
}
