import { promises as files } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { failWith } from '../../model/errors.ts'
import type { Credentials } from '../../model/types.ts'
import {
  type FilePaths,
  type Profile,
  pathsIn,
  profileNameIn,
  readProfiles,
} from '../../node-credentials/files.ts'
import type { Environment } from '../../node-credentials/machine.ts'
import { type Call, UsageError } from '../options.ts'
import { type KeyLines, keyLinesIn, withKeyLines } from './profile-lines.ts'
import { replaceFile } from './replace-file.ts'
import { Stopped } from './stopped.ts'

type Profiles = Readonly<Record<string, Profile>>

/** The long-term key of a profile, and the file that it stands in. */
export interface ProfileKey {
  readonly profile: string
  readonly path: string
  readonly key: Credentials
}

const linesOf = ({ accessKeyId, secretAccessKey }: Credentials): KeyLines => ({
  aws_access_key_id: accessKeyId,
  aws_secret_access_key: secretAccessKey,
})

/** The profiles as AWS's clients read them, of other files than the environment's where that is said. */
async function profilesOf(env: Environment, filepath?: string): Promise<Profiles> {
  const own = filepath === undefined ? env : { ...env, AWS_SHARED_CREDENTIALS_FILE: filepath }
  return (
    (await readProfiles(own)) ??
    failWith(
      'invalid-credentials',
      'profiles are read by an optional peer: npm i @smithy/shared-ini-file-loader.',
    )
  )
}

/** Which profile a call means: environment and commands have no file in which a key could be changed. */
function nameOf(call: Call, env: Environment): string {
  const name = call.text('profile')
  if (call.text('credentials') !== undefined)
    throw new UsageError('keys rotate changes the key of a profile: name it by --profile.')
  if (name === undefined && !env.AWS_PROFILE && env.AWS_ACCESS_KEY_ID)
    failWith(
      'invalid-credentials',
      'the key is that of AWS_ACCESS_KEY_ID, which stands in no file: name a profile by --profile, or make a new key by `aws iam create-access-key` and set the variables where they are set.',
    )
  return name ?? profileNameIn(env)
}

/** Why the credentials of a profile are no key that could be rotated, and what to do. */
function otherKindOf(name: string, profile: Profile): string | undefined {
  const { role_arn, source_profile, credential_process, aws_session_token: session } = profile
  if (role_arn && source_profile && source_profile !== name)
    return `takes on a role, by the key of profile ${source_profile}: rotate that by --profile ${source_profile}`
  if (role_arn && !source_profile)
    return 'takes on a role without a key, and has none to rotate: its sessions are new each time'
  if (session || profile.aws_access_key_id?.startsWith('ASIA'))
    return 'holds a session, which ends by itself: rotate the long-term key that it was made with'
  if (profile.aws_access_key_id) return undefined
  if (credential_process)
    return 'has its key of a credential_process: rotate it where that command has it from'
  if (['sso_session', 'sso_start_url', 'sso_account_id'].some((line) => profile[line]))
    return 'signs in by SSO, and has no key to rotate: its sessions end by themselves'
  return 'has no key to rotate'
}

/** The long-term key of the profile that a call means; all else is refused, with what to do. */
export async function profileKeyOf(call: Call, env: Environment): Promise<ProfileKey> {
  const profile = nameOf(call, env)
  const profiles = await profilesOf(env)
  const { filepath: path, configFilepath }: FilePaths = pathsIn(env)
  const read = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined
  if (!read) return failWith('invalid-credentials', `no file has a profile ${profile}.`)
  const other = otherKindOf(profile, read)
  if (other) failWith('invalid-credentials', `profile ${profile} ${other}.`)
  const { aws_access_key_id: accessKeyId = '', aws_secret_access_key: secretAccessKey = '' } = read
  const key = { accessKeyId, secretAccessKey }
  // A file that is not there has no key; what else is wrong with it was said by the loader.
  const file = await files.readFile(path).catch(() => Buffer.of())
  if (!isDeepStrictEqual(keyLinesIn(file, profile), linesOf(key)))
    failWith(
      'invalid-credentials',
      `the key of profile ${profile} does not stand in ${path}: move aws_access_key_id and aws_secret_access_key there, out of ${configFilepath}.`,
    )
  return { profile, path, key }
}

/** Whether AWS's clients find a key in the profile. */
export async function holdsKey(
  { profile }: ProfileKey,
  key: Credentials,
  env: Environment,
): Promise<boolean> {
  const { [profile]: read } = await profilesOf(env)
  return (
    read?.aws_access_key_id === key.accessKeyId &&
    read.aws_secret_access_key === key.secretAccessKey
  )
}

/** Puts another key into the profile, where it still has the one that was read, and changes nothing else. */
export async function writeKey(
  { profile, path, key }: ProfileKey,
  fresh: Credentials,
  env: Environment,
): Promise<void> {
  let before: Profiles = {}
  await replaceFile(
    path,
    async (file) => {
      before = await profilesOf(env)
      const isSame = isDeepStrictEqual(keyLinesIn(file, profile), linesOf(key))
      const changed = isSame ? withKeyLines(file, profile, linesOf(fresh)) : undefined
      if (changed) return changed
      throw new Stopped(`The key of profile ${profile} was changed by somebody else meanwhile.`)
    },
    async (changed) => {
      const { [profile]: own, ...others } = before
      const expected = { ...others, [profile]: { ...own, ...linesOf(fresh) } }
      if (!isDeepStrictEqual({ ...(await profilesOf(env, changed)) }, expected))
        throw new Stopped(`${path} is written in a way in which no line can be changed by itself.`)
    },
  )
}
