import { attempt, shrink } from './attempt.ts'
import type { Coverage } from './coverage.ts'
import { mutate, type Random, type Stock } from './mutate.ts'
import type { Target } from './target.ts'

/** An input with which something is wrong. */
export interface Found {
  readonly wrong: string
  readonly input: Uint8Array
}

/** What a hunt has come to. */
export interface Report {
  readonly runs: number
  /** Characters of code that the seeds reach, that all reached, and that the functions entered have. */
  readonly reached: readonly [bySeeds: number, inAll: number, entered: number]
  /** Inputs that reached something new, seeds and all. */
  readonly corpus: number
  /** The dearest input: CPU milliseconds and bytes. */
  readonly dearest: readonly [cost: number, bytes: number]
  readonly found?: Found
}

/** What a hunt is given. */
export interface Hunt {
  readonly coverage: Coverage
  readonly random: Random
  readonly words: Stock['words']
  readonly most: number
  /** Told each input before it is tried: whoever watches has it where the thread comes to no end. */
  readonly tries: (input: Uint8Array) => void
  /** Asked before each input but the seeds. */
  readonly isOver: (runs: number) => boolean
}

/** Tries the seeds of a target and then changes of what reached something new, until it finds a fault. */
export async function hunt(target: Target, { random, words, most, ...it }: Hunt): Promise<Report> {
  const { coverage } = it
  const corpus: Uint8Array[] = []
  let runs = 0
  let bySeeds = 0
  let dearest: Report['dearest'] = [0, 0]
  const report = (found?: Found): Report => ({
    ...{ runs, reached: [bySeeds, ...coverage.characters()], corpus: corpus.length, dearest },
    ...(found && { found }),
  })

  const attemptOne = async (input: Uint8Array): Promise<Found | undefined> => {
    it.tries(input)
    runs++
    coverage.begin()
    let isNew = false
    const { wrong, cost } = await attempt(target, input, () => {
      isNew = coverage.isNew()
    })
    if (isNew) corpus.push(input)
    if (cost > dearest[0]) dearest = [cost, input.length]
    return wrong === undefined ? undefined : { wrong, input: await shrink(target, input, wrong) }
  }

  const seeds = target.seeds().filter(({ length }) => length <= most)
  // Modules that are loaded by the first call are not what it runs.
  if (seeds[0]) await attempt(target, seeds[0])
  for (const seed of seeds) {
    const found = await attemptOne(seed)
    if (found) return report(found)
  }
  bySeeds = coverage.characters()[0]
  while (!it.isOver(runs)) {
    // What came last is the least explored.
    const recent = random(2) === 0 ? Math.min(corpus.length, 20) : corpus.length
    const parent = corpus[corpus.length - 1 - random(recent)] as Uint8Array
    const found = await attemptOne(mutate(parent, random, { corpus, words, most }))
    if (found) return report(found)
  }
  return report()
}
