import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fromEnv } from '../credentials/env.ts'
import { ensure, fail } from '../model/errors.ts'
import type { Credentials } from '../model/types.ts'
import type { Call } from './options.ts'
import type { World } from './streams.ts'

interface ProcessAnswer {
  readonly AccessKeyId?: string
  readonly SecretAccessKey?: string
  readonly SessionToken?: string
  readonly Expiration?: string
}

/**
 * Credentials of a command that prints them, as `credential_process` of the AWS tools does; what it
 * prints is shown to nobody.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
async function fromCommand(command: string): Promise<Credentials> {
  const shell = process.platform === 'win32' ? (['cmd', '/c'] as const) : (['sh', '-c'] as const)
  let answer: ProcessAnswer = {}
  try {
    const { stdout } = await promisify(execFile)(shell[0], [shell[1], command])
    answer = JSON.parse(stdout) as ProcessAnswer
  } catch {
    fail('invalid-credentials', 'a --credentials command that succeeds and prints JSON')
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer
  return {
    accessKeyId: ensure(AccessKeyId, 'invalid-credentials', 'AccessKeyId from the command'),
    secretAccessKey: ensure(SecretAccessKey, 'invalid-credentials', 'SecretAccessKey from it'),
    ...(SessionToken && { sessionToken: SessionToken }),
    ...(Expiration && { expiration: new Date(Expiration) }),
  }
}

/** Credentials of a profile in `~/.aws`, read by smithy's loader where it is installed. */
async function fromProfile(profile: string): Promise<Credentials> {
  // The loader is an optional peer: who names no profile need not have it.
  const loader = await import('@smithy/shared-ini-file-loader').catch(() =>
    fail('invalid-credentials', 'npm i @smithy/shared-ini-file-loader, or --credentials'),
  )
  const fields = (await loader.parseKnownFiles({}))[profile]
  if (fields?.credential_process) return fromCommand(fields.credential_process)
  const { aws_access_key_id, aws_secret_access_key, aws_session_token } = fields ?? {}
  return {
    accessKeyId: ensure(aws_access_key_id, 'invalid-credentials', 'a profile with keys'),
    secretAccessKey: ensure(aws_secret_access_key, 'invalid-credentials', 'a profile with keys'),
    ...(aws_session_token && { sessionToken: aws_session_token }),
  }
}

/** The credentials of a call: of its command, its profile, or the environment, in this order. */
export async function credentialsOf(call: Call, { env }: World): Promise<Credentials> {
  const command = call.text('credentials')
  if (command !== undefined) return fromCommand(command)
  const profile = call.text('profile') ?? (env.AWS_ACCESS_KEY_ID ? undefined : env.AWS_PROFILE)
  return profile === undefined ? fromEnv(env)() : fromProfile(profile)
}
