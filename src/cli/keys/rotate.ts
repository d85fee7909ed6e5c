import { pause } from '../../fetch/waiting.ts'
import { quoted } from '../../inputs/shell-words.ts'
import { CountersignError } from '../../model/errors.ts'
import type { Credentials } from '../../model/types.ts'
import { SendError } from '../options.ts'
import type { World } from '../streams.ts'
import type { AccessKey, KeyCalls } from './calls.ts'
import { holdsKey, type ProfileKey, writeKey } from './profile-key.ts'
import { checkReplaceable } from './replace-file.ts'
import { Stopped } from './stopped.ts'

/** Keys that IAM lets one user have. */
const MOST_KEYS = 2

/** What a rotation is done with. */
export interface RotationMeans {
  readonly calls: KeyCalls
  readonly env: World['env']
  /** Tells a step that is done. */
  readonly say: (line: string) => Promise<void>
  /** Whether the caller wants it to stop, which it does where nothing is lost by it. */
  readonly isStopped: () => boolean
  /** Milliseconds for a new key to work, which AWS makes known everywhere within seconds. */
  readonly patience: number
  /** Milliseconds between two tries. */
  readonly interval: number
}

/** What a rotation has done, and the commands that end it and take it back. */
export interface Rotation {
  readonly profile: string
  readonly file: string
  readonly userName: string
  readonly newAccessKeyId: string
  readonly oldAccessKeyId: string
  readonly goBack: string
  readonly remove: string
}

/** A command of the AWS CLI about a key. */
const command = (verb: string, id: string, profile: string, more = ''): string => {
  const name = /^[\w@.:/-]+$/.test(profile) ? profile : quoted(profile)
  return `aws iam ${verb}-access-key --access-key-id ${id}${more} --profile ${name}`
}
export const removal = (id: string, profile: string): string => command('delete', id, profile)
export const revival = (id: string, profile: string): string =>
  command('update', id, profile, ' --status Active')
const deactivation = (id: string, profile: string): string =>
  command('update', id, profile, ' --status Inactive')

/** What went wrong, in a sentence. */
function sentenceOf(error: unknown): string {
  const { message, syscall } = error as NodeJS.ErrnoException
  const isOurs =
    error instanceof Stopped || error instanceof SendError || error instanceof CountersignError
  if (!isOurs && !syscall) throw error
  return message.endsWith('.') ? message : `${message}.`
}

/** Tries until it succeeds, patience is over, or the caller wants to stop. */
async function tryUntil<T>(
  attempt: () => Promise<T>,
  { patience, interval, isStopped }: RotationMeans,
): Promise<T> {
  for (const end = Date.now() + patience; ; )
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() >= end) throw error
      if (!isStopped()) await pause(interval)
      if (isStopped()) throw new Stopped('Stopped by a signal.')
    }
}

/** Why there is no room for a new key. */
async function noRoom(
  { profile, key }: ProfileKey,
  other: AccessKey,
  { calls }: RotationMeans,
): Promise<Stopped> {
  const { accessKeyId: id, status, userName } = other
  // Who may list keys may not see their uses.
  const use = await calls.lastUse(key, id).catch(() => null)
  const used = use === null ? '' : use ? `, last used ${use.time.toJSON()}` : ', never used'
  return new Stopped(
    `User ${userName} has two keys, which is AWS's limit: ${key.accessKeyId}, of profile ${profile}, and ${id} (${status.toLowerCase()}, made ${other.created.toJSON()}${used}). A rotation that was stopped leaves one whose secret nobody has. Where nobody uses it: ${removal(id, profile)}`,
  )
}

/** Makes sure that a rotation can be done; it changes nothing. Gives the name of the user. */
export async function checkRotation(asked: ProfileKey, means: RotationMeans): Promise<string> {
  const keys = await means.calls.list(asked.key)
  const other = keys.find(({ accessKeyId }) => accessKeyId !== asked.key.accessKeyId)
  if (other && keys.length >= MOST_KEYS) throw await noRoom(asked, other, means)
  await checkReplaceable(asked.path)
  return keys[0]?.userName ?? 'root'
}

/** Makes a key; where another run was faster, there is no room for it. */
async function createKey(asked: ProfileKey, { calls }: RotationMeans): Promise<Credentials> {
  try {
    return await calls.create(asked.key)
  } catch (error) {
    throw new Stopped(
      `${sentenceOf(error)} No key is known to be made, and profile ${asked.profile} is as it was; countersign keys lists what there is.`,
    )
  }
}

/** Deletes the new key, unless the profile has it already, and says why it goes no further. */
async function takeBack(
  asked: ProfileKey,
  fresh: Credentials,
  reason: unknown,
  { calls, env }: RotationMeans,
): Promise<never> {
  const { profile, key } = asked
  const id = fresh.accessKeyId
  // A file that cannot be read now may have the new key.
  if (await holdsKey(asked, fresh, env).catch(() => true))
    throw new Stopped(
      `${sentenceOf(reason)} Profile ${profile} may have the new key, ${id}; the old one, ${key.accessKeyId}, is still active.`,
    )
  const left = await calls.remove(key, id).then(() => '', sentenceOf)
  const outcome = left
    ? `The new key could not be deleted: ${left} Delete it by ${removal(id, profile)}`
    : 'The new key is deleted again.'
  throw new Stopped(`${sentenceOf(reason)} Profile ${profile} is as it was. ${outcome}`)
}

/** Deactivates the old key by the new one, which so proves that it works for IAM too. */
async function deactivateOld(
  { profile, key }: ProfileKey,
  fresh: Credentials,
  means: RotationMeans,
): Promise<void> {
  const id = key.accessKeyId
  try {
    await tryUntil(() => means.calls.deactivate(fresh, id), means)
  } catch (error) {
    throw new Stopped(
      `${sentenceOf(error)} Profile ${profile} has the new key, ${fresh.accessKeyId}, and the old one is still active: ${deactivation(id, profile)}`,
    )
  }
}

/**
 * Gives a profile a new key in the place of its old. Wherever it ends, the profile holds a key that
 * works: the old one is active until the file has the new one, which is in it only once it works.
 */
export async function rotateKey(asked: ProfileKey, means: RotationMeans): Promise<Rotation> {
  const { profile, path, key } = asked
  const { calls, env, say, isStopped } = means
  const userName = await checkRotation(asked, means)
  if (isStopped()) throw new Stopped('Stopped by a signal. Nothing is changed.')
  const fresh = await createKey(asked, means)
  await say(`${fresh.accessKeyId} is made, for user ${userName}.`)
  try {
    const arn = await tryUntil(() => calls.identify(fresh), means)
    await say(`It works, as ${arn}.`)
    await writeKey(asked, fresh, env)
  } catch (error) {
    return takeBack(asked, fresh, error, means)
  }
  // From here on no key is deleted: whoever changes the file now may have read the new one in it.
  if (!(await holdsKey(asked, fresh, env)))
    throw new Stopped(
      `${path} was changed by somebody else meanwhile. Both keys are active: ${key.accessKeyId} and ${fresh.accessKeyId}. Look which of them profile ${profile} has, and deactivate the other.`,
    )
  await say(`Profile ${profile} in ${path} has it.`)
  await deactivateOld(asked, fresh, means)
  await say(`${key.accessKeyId} is inactive.`)
  return {
    ...{ profile, file: path, userName },
    newAccessKeyId: fresh.accessKeyId,
    oldAccessKeyId: key.accessKeyId,
    goBack: revival(key.accessKeyId, profile),
    remove: removal(key.accessKeyId, profile),
  }
}
