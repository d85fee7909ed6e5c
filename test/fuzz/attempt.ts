import { type Target, undocumented } from './target.ts'

/** Kibibytes by which one input may raise the memory of the process. */
const MOST_MEMORY = 256 * 1024
/** How often a cost is measured again before it is believed: what else the machine does only adds to it. */
const REPEATS = 4

/** What came of an input. */
export interface Attempt {
  /** What is wrong, in a sentence. */
  readonly wrong: string | undefined
  /** CPU milliseconds of the call. */
  readonly cost: number
}

interface Call {
  readonly cost: number
  readonly memory: number
  readonly error?: unknown
  readonly result?: unknown
}

async function measured(target: Target, subject: unknown): Promise<Call> {
  const { maxRSS } = process.resourceUsage()
  const before = process.cpuUsage()
  let outcome: Pick<Call, 'error' | 'result'>
  try {
    const result = target.call(subject)
    outcome = { result: result instanceof Promise ? await result : result }
  } catch (error) {
    outcome = { error }
  }
  const { user, system } = process.cpuUsage(before)
  const memory = process.resourceUsage().maxRSS - maxRSS
  return { ...outcome, cost: (user + system) / 1000, memory }
}

/** Calls a target with an input; `called` is told in between, before the result is judged. */
export async function attempt(
  target: Target,
  input: Uint8Array,
  called: () => void = () => {},
): Promise<Attempt> {
  const subject = target.read(input)
  const call = await measured(target, subject)
  called()
  const most = target.cost.fixed + target.cost.perByte * input.length
  let { cost } = call
  for (let left = REPEATS; left > 0 && cost > most; left--)
    cost = Math.min(cost, (await measured(target, subject)).cost)
  const wrong = (): string | undefined => {
    if ('error' in call) return undocumented(call.error, target.codes)
    if (cost > most) return `takes ${Math.round(cost)} ms for ${input.length} bytes`
    if (call.memory > MOST_MEMORY)
      return `takes ${Math.round(call.memory / 1024)} MiB for ${input.length} bytes`
    try {
      return target.judge(subject, call.result)
    } catch (error) {
      return `cannot be judged: ${error instanceof Error ? error.stack : error}`
    }
  }
  return { wrong: wrong(), cost }
}

/** What two findings have in common where they are of one fault. */
const kindOf = (wrong: string | undefined): string | undefined =>
  wrong?.split('\n').slice(0, 2).join('\n').replace(/\d+/g, '0')

/** A smaller input with the same fault: parts are left out as long as it shows. */
export async function shrink(
  target: Target,
  input: Uint8Array,
  wrong: string,
): Promise<Uint8Array> {
  let least = input
  let left = wrong.startsWith('takes') ? 0 : 500
  for (let size = Math.ceil(input.length / 2); size > 0; size = Math.floor(size / 2))
    for (let at = 0; at < least.length && left > 0; left--) {
      const smaller = Buffer.concat([least.subarray(0, at), least.subarray(at + size)])
      if (kindOf((await attempt(target, smaller)).wrong) === kindOf(wrong)) least = smaller
      else at += size
    }
  return least
}
