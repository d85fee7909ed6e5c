import { visible } from '../lib/visible.ts'
import { CountersignError } from '../model/errors.ts'
import { HELP } from './help.ts'
import { readCall, SendError, UsageError, type Verb } from './options.ts'
import { type World, writeLine } from './streams.ts'
import { curlVerb } from './verbs/curl.ts'
import { explainVerb } from './verbs/explain.ts'
import { keysVerb } from './verbs/keys.ts'
import { serveVerb } from './verbs/serve.ts'
import { presignVerb, signVerb } from './verbs/sign.ts'
import { tokenVerb } from './verbs/token.ts'
import { verifyVerb } from './verbs/verify.ts'

const VERBS: Readonly<
  Record<Verb, (call: ReturnType<typeof readCall>, world: World) => Promise<number>>
> = {
  sign: signVerb,
  presign: presignVerb,
  verify: verifyVerb,
  explain: explainVerb,
  curl: curlVerb,
  token: tokenVerb,
  serve: serveVerb,
  keys: keysVerb,
}

/** The sentence and the exit code of what went wrong. */
function failureOf(error: unknown): readonly [message: string, code: number] {
  if (error instanceof UsageError) return [`${error.message} See countersign --help.`, 2]
  if (error instanceof CountersignError)
    return [visible(error.message), /credentials/.test(error.code) ? 3 : 2]
  if (error instanceof SendError) return [visible(error.message), 4]
  const { syscall, message } = error as NodeJS.ErrnoException
  // The system says that a file is not there, may not be read, or finds no room.
  if (syscall) return [`${message}.`, 2]
  return [`A fault of countersign itself: ${message}`, 70]
}

/** Runs one call and gives its exit code. */
export async function run(
  words: readonly string[],
  version: string,
  world: World,
): Promise<number> {
  try {
    const call = readCall(words)
    if (call.values.version) await writeLine(world.stdout, version)
    else if (call.values.help || !call.verb) await writeLine(world.stdout, HELP)
    else return await VERBS[call.verb](call, world)
    return call.verb || call.values.help || call.values.version ? 0 : 2
  } catch (error) {
    // The reader of the output has gone, as `head` goes, and nothing is wrong.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0
    const [message, code] = failureOf(error)
    await writeLine(world.stderr, `countersign: ${message}`)
    return code
  }
}
