import type { Steps } from '../../lib/steps.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import { type Hypothesis, type Kind, lazily } from './hypothesis.ts'
import { LIKELIEST, SINGLE } from './limits.ts'
import type { Trial } from './trial.ts'

/** A key's parts, and what may be wrong with them, kind by kind. */
export interface Guesses {
  readonly base: Parts
  readonly kinds: readonly Kind[]
}

/** The mistakes that explain what was signed, and the parts that they make. */
export interface Solution {
  readonly mistakes: readonly Hypothesis[]
  readonly parts: Parts
}

/**
 * Tries each likely mistake, alone and then in pairs of two kinds, the likeliest of each first: the
 * first that holds is a proof. With several keys, all have their turn before pairs are tried.
 */
export function* tryMistakes(
  guesses: readonly Guesses[],
  trial: Trial,
): Steps<Solution | undefined> {
  const all = guesses.map(({ base, kinds }) => ({
    base,
    kinds: kinds.map((kind) => lazily(distinct(base, kind, trial))),
  }))
  for (const it of all) {
    const solution = yield* trySingles(it, trial)
    if (solution || trial.spent()) return solution
  }
  for (const it of all) {
    const solution = yield* tryPairs(it, trial)
    if (solution) return solution
  }
  return undefined
}

function* trySingles({ base, kinds }: Guesses, trial: Trial): Steps<Solution | undefined> {
  if (yield* trial.holds(base)) return { mistakes: [], parts: base }
  for (const kind of kinds)
    for (const mistake of kind) {
      const parts = mistake.change(base)
      if (yield* trial.holds(parts)) return { mistakes: [mistake], parts }
    }
  return undefined
}

function* tryPairs({ base, kinds }: Guesses, trial: Trial): Steps<Solution | undefined> {
  // By now, all have been made.
  for (const [first, second] of pairsOf(kinds.map((kind) => [...kind]))) {
    if (trial.pairsSpent()) return undefined
    const parts = second.change(first.change(base))
    if (yield* trial.holds(parts)) return { mistakes: [first, second], parts }
  }
  return undefined
}

/**
 * The hypotheses that change something, each change once; keys differ by themselves. Of a request
 * larger than any server takes, only the likeliest; and none once the budget or the time is used up,
 * as making them takes longer than trying them.
 */
function* distinct(base: Parts, kind: Kind, { spent }: Trial): Kind {
  if (spent()) return
  const same = formatParts(base)
  let left = Math.max(LIKELIEST, Math.floor(SINGLE / same.length))
  const seen = new Set<string>()
  const isNew = (parts: Parts): boolean => {
    if (parts.key !== base.key) return true
    const { credentialScope, keyScope } = parts
    const elsewhere = credentialScope !== base.credentialScope || keyScope !== base.keyScope
    if (!elsewhere && formatParts(parts) === same) return false
    const changed = changeOf(base, parts)
    return !seen.has(changed) && Boolean(seen.add(changed))
  }
  for (const hypothesis of kind) {
    if (left-- <= 0 || spent()) return
    if (isNew(hypothesis.change(base))) yield hypothesis
  }
}

/** What tells one change of the request or the scope from another: all that it makes differ. */
const changeOf = (base: Parts, parts: Parts): string =>
  JSON.stringify(
    Object.entries(parts).filter(([name, value]) => base[name as keyof Parts] !== value),
  )

type Pair = readonly [Hypothesis, Hypothesis]

/** Pairs of two kinds, by the sum of their ranks. */
function* pairsOf(kinds: readonly (readonly Hypothesis[])[]): Iterable<Pair> {
  const longest = Math.max(0, ...kinds.map((kind) => kind.length))
  for (let rank = 0; rank < 2 * longest; rank++)
    for (const [at, kind] of kinds.entries())
      for (const other of kinds.slice(at + 1)) yield* pairsOfRank(rank, kind, other)
}

function* pairsOfRank(
  rank: number,
  kind: readonly Hypothesis[],
  other: readonly Hypothesis[],
): Iterable<Pair> {
  const from = Math.max(0, rank - other.length + 1)
  for (let at = from; at <= Math.min(rank, kind.length - 1); at++)
    yield [kind[at] as Hypothesis, other[rank - at] as Hypothesis]
}
