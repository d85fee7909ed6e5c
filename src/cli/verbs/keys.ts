import { credentialsOf } from '../credentials.ts'
import { createKeyCalls } from '../keys/calls.ts'
import { formatKeys, listKeys } from '../keys/listing.ts'
import { type ProfileKey, profileKeyOf } from '../keys/profile-key.ts'
import { checkRotation, type RotationMeans, removal, revival, rotateKey } from '../keys/rotate.ts'
import { Stopped } from '../keys/stopped.ts'
import { type Call, UsageError } from '../options.ts'
import { regionOf } from '../region.ts'
import { type World, writeLine } from '../streams.ts'

/** Milliseconds for a new key to work, and between two tries. */
const PATIENCE = { patience: 60_000, interval: 1000 }

const callsOf = async (call: Call, { env }: World) =>
  createKeyCalls((await regionOf(call, undefined, env)) ?? 'us-east-1', env)

async function list(call: Call, world: World): Promise<void> {
  const credentials = await credentialsOf(call, world)
  const keys = await listKeys(await callsOf(call, world), credentials, new Date())
  const text = call.values.json ? JSON.stringify({ keys }, null, 2) : formatKeys(keys)
  await writeLine(world.stdout, text)
}

/** The steps of a rotation that is not done. */
const stepsOf = ({ profile, path, key }: ProfileKey, userName: string): string[] => [
  `Make a new key for user ${userName} (iam:CreateAccessKey, by ${key.accessKeyId}).`,
  `Wait until it works, at most ${PATIENCE.patience / 1000} seconds (sts:GetCallerIdentity, by the new key).`,
  `Put it into profile ${profile} of ${path}, where ${key.accessKeyId} stands, and change nothing else.`,
  `Make ${key.accessKeyId} inactive (iam:UpdateAccessKey, by the new key).`,
]

async function rotate(call: Call, world: World): Promise<void> {
  const asked = await profileKeyOf(call, world.env)
  const { json, 'dry-run': isDry } = call.values
  let isStopped = false
  const stop = () => {
    isStopped = true
  }
  if (!isDry) for (const signal of ['SIGINT', 'SIGTERM'] as const) world.once?.(signal, stop)
  const means: RotationMeans = {
    ...PATIENCE,
    env: world.env,
    calls: await callsOf(call, world),
    isStopped: () => isStopped,
    async say(line) {
      // Whoever read along may have gone; what has begun goes on.
      if (!json) await writeLine(world.stdout, line).catch(() => undefined)
    },
  }
  if (isDry) {
    const steps = stepsOf(asked, await checkRotation(asked, means))
    const { profile, path: file, key } = asked
    const plan = { profile, file, oldAccessKeyId: key.accessKeyId, steps }
    const lines = ['Nothing is changed. These would be the steps:', ...steps]
    return writeLine(world.stdout, json ? JSON.stringify(plan, null, 2) : lines.join('\n'))
  }
  const { goBack, remove, ...done } = await rotateKey(asked, means)
  const { profile, oldAccessKeyId: id } = done
  const lines = [
    'Where somebody still needs the old key, this gives it back:',
    `  ${revival(id, profile)}`,
    'When nobody has missed it for some days, this deletes it:',
    `  ${removal(id, profile)}`,
  ]
  const commands = { goBack, remove }
  const text = json ? JSON.stringify({ ...done, commands }, null, 2) : lines.join('\n')
  await writeLine(world.stdout, text)
}

/** `countersign keys`: the caller's access keys, and a new one in the place of an old. */
export async function keysVerb(call: Call, world: World): Promise<number> {
  const act = call.url === undefined ? list : call.url === 'rotate' ? rotate : undefined
  if (!act) throw new UsageError('keys stands alone, or with rotate behind it.')
  try {
    await act(call, world)
    return 0
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    await writeLine(world.stderr, `countersign: ${error.message}`)
    return 1
  }
}
