import { formatField } from '../../lib/fields.ts'
import { presign, sign } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import { type Call, secondsOf } from '../options.ts'
import { formatSigned } from '../print.ts'
import { requestOf, scopeOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

/** `countersign sign`: the signed headers of a request. */
export async function signVerb(call: Call, world: World): Promise<number> {
  const request = await requestOf(call, world)
  const scope = await scopeOf(call, request, world)
  const signed = await sign(request, {
    ...scope,
    credentials: await credentialsOf(call, world),
  })
  await writeLine(world.stdout, formatSigned(call, signed))
  return 0
}

/** `countersign presign`: the presigned URL of a request. */
export async function presignVerb(call: Call, world: World): Promise<number> {
  const request = await requestOf(call, world)
  const scope = await scopeOf(call, request, world)
  const expiresIn = secondsOf(call)
  const presigned = await presign(request, {
    ...scope,
    credentials: await credentialsOf(call, world),
    expiresIn,
  })
  const { method, url, headers, expiresAt } = presigned
  if (call.values.json)
    await writeLine(world.stdout, JSON.stringify({ method, url, headers, expiresAt }, null, 2))
  else if (call.text('format') === 'curl')
    await writeLine(world.stdout, formatSigned(call, presigned))
  else await writeLine(world.stdout, url)
  // A pipe takes the URL alone.
  for (const field of Object.entries(headers))
    if (!call.values.json) await writeLine(world.stderr, `send with it: ${formatField(field)}`)
  return 0
}
