import { visible } from '../lib/visible.ts'
import { CountersignError } from '../model/errors.ts'
import { sentenceOf } from './errors-said.ts'
import { helpOf, overview } from './help.ts'
import { type Call, readCall, SendError, UsageError, verbOf } from './options.ts'
import { type World, writeLine } from './streams.ts'
import { VERBS, type Verb } from './table.ts'
import { completionVerb } from './verbs/completion.ts'
import { curlVerb } from './verbs/curl.ts'
import { explainVerb } from './verbs/explain.ts'
import { explainerVerb } from './verbs/explainer.ts'
import { keysVerb } from './verbs/keys.ts'
import { probeVerb } from './verbs/probe.ts'
import { serveVerb } from './verbs/serve.ts'
import { presignVerb, signVerb } from './verbs/sign.ts'
import { tokenVerb } from './verbs/token.ts'
import { verifyVerb } from './verbs/verify.ts'

/** The verbs that are called with flags of ours. */
const CALLED: Readonly<
  Record<Exclude<Verb, 'curl' | 'help'>, (call: Call, world: World) => Promise<number>>
> = {
  sign: signVerb,
  presign: presignVerb,
  verify: verifyVerb,
  explain: explainVerb,
  explainer: explainerVerb,
  token: tokenVerb,
  probe: probeVerb,
  serve: serveVerb,
  keys: keysVerb,
  completion: completionVerb,
}

/** Where the flags of a call are told: by its own verb, or where it has none, with all verbs. */
const helpNear = (first = ''): string =>
  VERBS.some((verb) => verb === first && verb !== 'help')
    ? `countersign help ${first}`
    : 'countersign --help'

/** The sentence and the exit code of what went wrong. */
function failureOf(
  error: unknown,
  words: readonly string[],
): readonly [message: string, code: number] {
  if (error instanceof UsageError) return [`${error.message} See ${helpNear(words[0])}.`, 2]
  if (error instanceof CountersignError)
    return [visible(sentenceOf(error)), /credentials/.test(error.code) ? 3 : 2]
  if (error instanceof SendError) return [visible(error.message), 4]
  const { syscall, message } = error as NodeJS.ErrnoException
  // The system says that a file is not there, may not be read, or finds no room.
  if (syscall) return [`${message}.`, 2]
  return [`A fault of countersign itself: ${message}`, 70]
}

/** The help that is asked for: of one verb, or of all. */
function helpFor(verb: Verb | undefined, named: string | undefined): string {
  const asked = verb === 'help' ? named : verb
  const known = asked === undefined ? 'help' : verbOf(asked)
  return known === 'help' ? overview() : helpOf(known)
}

/** Runs one call and gives its exit code. */
export async function run(
  words: readonly string[],
  version: string,
  world: World,
): Promise<number> {
  try {
    const [first, ...more] = words
    const asked = more.some((word) => ['-h', '--help'].includes(word))
    // What follows is curl's.
    if (first === 'curl' && !asked) return await curlVerb(more, world)
    const call = readCall(first === 'curl' ? ['help', 'curl'] : words)
    const { verb, url, values } = call
    if (values.version) await writeLine(world.stdout, version)
    else if (values.help || verb === 'help' || !verb)
      await writeLine(world.stdout, helpFor(verb, url))
    else if (verb === 'curl') throw new UsageError('curl stands before its words.')
    else return await CALLED[verb](call, world)
    return verb || values.help || values.version ? 0 : 2
  } catch (error) {
    // The reader of the output has gone, as `head` goes, and nothing is wrong.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0
    const [message, code] = failureOf(error, words)
    await writeLine(world.stderr, `countersign: ${message}`)
    return code
  }
}
