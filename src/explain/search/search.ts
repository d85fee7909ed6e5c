import { matches } from '../../algorithms/matches.ts'
import { formatStringToSign } from '../../canonical/canonical-request.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { Algorithm } from '../../model/types.ts'
import type { Hypothesis } from '../case/parts.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import { LIKELIEST, PAIRED, SINGLE } from './limits.ts'

/** Tells whether parts are those that were signed, and counts what it costs. */
export interface Trial {
  holds(parts: Parts): Steps<boolean>
  /** Whether no more single mistake may be tried. */
  spent(): boolean
  /** Whether no more pair may be tried: the same, or too many bytes were hashed. */
  pairsSpent(): boolean
}

/** Counts trials; each differing canonical request, scope and key is tried once. */
function counted(
  budget: number,
  crypto: CryptoBackend,
  check: (parts: Parts, hash: string) => Steps<boolean>,
): Trial {
  let left = budget
  let bytes = PAIRED
  const keys: unknown[] = []
  const tried = new Set<string>()
  return {
    spent: () => left <= 0,
    pairsSpent: () => left <= 0 || bytes <= 0,
    *holds(parts): Steps<boolean> {
      if (left <= 0) return false
      const { credentialScope, keyScope = credentialScope, key } = parts
      const canonicalRequest = formatParts(parts)
      bytes -= canonicalRequest.length
      const hash = yield* wait(crypto.sha256(canonicalRequest))
      if (!keys.includes(key)) keys.push(key)
      const name = `${keys.indexOf(key)} ${keyScope} ${credentialScope} ${hash}`
      if (tried.has(name)) return false
      tried.add(name)
      left--
      return yield* check(parts, hash)
    },
  }
}

/** Trials that sign, and compare with the signature that was sent; none that is computed leaves here. */
export const signatureTrial = (
  algorithm: Algorithm,
  signature: string,
  budget: number,
  crypto: CryptoBackend,
): Trial =>
  counted(budget, crypto, function* ({ key: secret, keyScope, ...parts }, hash): Steps<boolean> {
    const { amzDate, credentialScope } = parts
    const text = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
    const key = yield* wait(algorithm.deriveKey(secret, keyScope ?? credentialScope, crypto))
    return yield* wait(matches(algorithm, key, text, signature, crypto))
  })

/** Trials that compare with the hash in a server's string to sign. */
export const hashTrial = (expected: string, budget: number, crypto: CryptoBackend): Trial =>
  // biome-ignore lint/correctness/useYield: it has nothing to wait for
  counted(budget, crypto, function* (_, hash) {
    return hash === expected
  })

/** What tells one change of the request or the scope from another: all that it makes differ. */
const changeOf = (base: Parts, parts: Parts): string =>
  JSON.stringify(
    Object.entries(parts).filter(([name, value]) => base[name as keyof Parts] !== value),
  )

/**
 * The hypotheses that change something, each change once; keys differ by themselves. Of a request
 * larger than any server takes, only the likeliest.
 */
function distinct(base: Parts, kind: readonly Hypothesis[]): Hypothesis[] {
  const same = formatParts(base)
  const most = Math.max(LIKELIEST, Math.floor(SINGLE / same.length))
  const seen = new Set<string>()
  return kind.slice(0, most).filter((hypothesis) => {
    const parts = hypothesis.change(base)
    if (parts.key !== base.key) return true
    const { credentialScope, keyScope } = parts
    const elsewhere = credentialScope !== base.credentialScope || keyScope !== base.keyScope
    if (!elsewhere && formatParts(parts) === same) return false
    const changed = changeOf(base, parts)
    return !seen.has(changed) && seen.add(changed)
  })
}

/** What was found: the mistakes, and the parts that they make. */
export interface Found {
  readonly mistakes: readonly Hypothesis[]
  readonly parts: Parts
}

/** A key's parts, and what may be wrong with them, kind by kind. */
export interface Guesses {
  readonly base: Parts
  readonly kinds: readonly (readonly Hypothesis[])[]
}

/**
 * Tries each likely mistake, alone and then in pairs of two kinds, the likeliest of each first: the
 * first that holds is a proof. With several keys, all have their turn before pairs are tried.
 */
export function* search(guesses: readonly Guesses[], trial: Trial): Steps<Found | undefined> {
  const all = guesses.map(({ base, kinds }) => ({
    base,
    kinds: kinds.map((kind) => distinct(base, kind)),
  }))
  for (const { base, kinds } of all) {
    if (yield* trial.holds(base)) return { mistakes: [], parts: base }
    for (const hypothesis of kinds.flat()) {
      if (trial.spent()) return undefined
      const parts = hypothesis.change(base)
      if (yield* trial.holds(parts)) return { mistakes: [hypothesis], parts }
    }
  }
  for (const { base, kinds } of all)
    for (const [first, second] of pairsOf(kinds)) {
      if (trial.pairsSpent()) return undefined
      const parts = second.change(first.change(base))
      if (yield* trial.holds(parts)) return { mistakes: [first, second], parts }
    }
  return undefined
}

/** Pairs of two kinds, by the sum of their ranks. */
function* pairsOf(
  kinds: readonly (readonly Hypothesis[])[],
): Iterable<readonly [Hypothesis, Hypothesis]> {
  const longest = Math.max(0, ...kinds.map((kind) => kind.length))
  for (let rank = 0; rank < 2 * longest; rank++)
    for (const [at, kind] of kinds.entries())
      for (const other of kinds.slice(at + 1)) {
        const from = Math.max(0, rank - other.length + 1)
        for (let i = from; i <= Math.min(rank, kind.length - 1); i++)
          yield [kind[i] as Hypothesis, other[rank - i] as Hypothesis]
      }
}
