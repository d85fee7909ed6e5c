/** A candidate of a comparison: one call of `run` is one operation. */
export interface Candidate {
  readonly name: string
  readonly run: () => unknown
}

/** What was measured of a candidate; times are microseconds per operation. */
export interface Measured {
  readonly name: string
  readonly median: number
  readonly min: number
  /** One time per round, in the order of the rounds, so that candidates can be compared in pairs. */
  readonly rounds: readonly number[]
}

export interface MeasureOptions {
  /** How many times every candidate gets its turn. */
  readonly rounds?: number
  /** How long one turn lasts, in milliseconds. */
  readonly turn?: number
  /** How long each candidate runs before anything counts, in milliseconds. */
  readonly warmUp?: number
}

type Turn = (operations: number) => number | Promise<number>

const now = (): number => performance.now()

// Two loops, so that a synchronous candidate does not pay for an `await` that its user would not write.
const turnOf = ({ run }: Candidate): Turn => {
  const first = run()
  if (typeof (first as PromiseLike<unknown> | undefined)?.then === 'function')
    return async (operations) => {
      const start = now()
      for (let i = 0; i < operations; i++) await run()
      return now() - start
    }
  return (operations) => {
    const start = now()
    for (let i = 0; i < operations; i++) run()
    return now() - start
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** How many operations fill one turn, found while warming the candidate up. */
async function warm(turn: Turn, length: number, warmUp: number): Promise<number> {
  const end = now() + warmUp
  let operations = 1
  while (now() < end) {
    const took = await turn(operations)
    operations = Math.max(1, Math.round(operations * Math.min(4, length / Math.max(took, 0.01))))
  }
  return operations
}

const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)

/**
 * Measures the candidates in turns. A noisy neighbour or a change of clock rate lasts longer than a
 * round, so it hits all candidates alike; the order within a round changes, so that none always
 * pays for its predecessor's garbage.
 */
export async function measure(
  candidates: readonly Candidate[],
  { rounds = 300, turn = 3, warmUp = 400 }: MeasureOptions = {},
): Promise<Measured[]> {
  const lanes = []
  for (const candidate of candidates) {
    const run = turnOf(candidate)
    const times: number[] = []
    lanes.push({ name: candidate.name, run, operations: await warm(run, turn, warmUp), times })
  }
  for (let round = 0; round < rounds; round++)
    for (const { run, operations, times } of shuffled(lanes))
      times.push(((await run(operations)) * 1000) / operations)
  return lanes.map(({ name, times }) => ({
    name,
    median: median(times),
    min: Math.min(...times),
    rounds: times,
  }))
}

/** How many times longer `a` takes than `b`: the median of the rounds' own ratios. */
export const ratio = (a: Measured, b: Measured): number =>
  median(a.rounds.map((time, round) => time / (b.rounds[round] ?? Number.NaN)))
