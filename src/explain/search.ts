import type { Algorithm } from '../algorithms/algorithm.ts'
import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { formatStringToSign } from '../road/canonical-request.ts'
import type { Hypothesis } from './hypotheses.ts'
import { formatParts, type Parts } from './parts.ts'

/** Signs parts and compares; counts what it costs. */
export interface Trial {
  /** Whether the parts give the signature that was sent. */
  holds(parts: Parts): Steps<boolean>
  /** How many more signatures may be tried. */
  left(): number
}

/** Makes trials of one signature; none that is computed ever leaves here. */
export function createTrial(
  algorithm: Algorithm,
  signature: string,
  budget: number,
  crypto: CryptoBackend,
): Trial {
  let left = budget
  const tried = new Set<string>()
  return {
    left: () => left,
    *holds(parts) {
      const { amzDate, credentialScope, keyScope = credentialScope, secret } = parts
      const canonicalRequest = formatParts(parts)
      const name = `${keyScope}\n${credentialScope}\n${secret}\n${canonicalRequest}`
      if (tried.has(name) || left <= 0) return false
      tried.add(name)
      left--
      const hash = yield* wait(crypto.sha256(canonicalRequest))
      const text = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
      const credentials = { accessKeyId: '-', secretAccessKey: secret }
      const key = yield* algorithm.deriveKey(credentials, keyScope, crypto)
      const held = yield* matches(algorithm, key, text, signature, crypto)
      if (held) algorithm.keep?.(key)
      return held
    },
  }
}

/** The hypotheses that change something, each change once. */
function distinct(base: Parts, kind: readonly Hypothesis[]): Hypothesis[] {
  const seen = new Set([JSON.stringify(base)])
  return kind.filter((hypothesis) => {
    const changed = JSON.stringify(hypothesis.change(base))
    return !seen.has(changed) && seen.add(changed)
  })
}

/**
 * Signs again under each likely mistake, alone and then in pairs of two kinds, the likeliest of
 * each first: the first that gives the signature is a proof.
 */
export function* search(
  base: Parts,
  all: readonly (readonly Hypothesis[])[],
  trial: Trial,
): Steps<readonly Hypothesis[] | undefined> {
  const kinds = all.map((kind) => distinct(base, kind))
  for (const hypothesis of kinds.flat())
    if (yield* trial.holds(hypothesis.change(base))) return [hypothesis]
  const ranks = Math.max(0, ...kinds.map((kind) => kind.length))
  for (let rank = 0; rank < 2 * ranks; rank++)
    for (const [at, kind] of kinds.entries())
      for (const other of kinds.slice(at + 1))
        for (
          let i = Math.max(0, rank - other.length + 1);
          i < Math.min(rank + 1, kind.length);
          i++
        ) {
          if (trial.left() <= 0) return undefined
          const pair = [kind[i], other[rank - i]] as const
          const [first, second] = pair as readonly [Hypothesis, Hypothesis]
          if (yield* trial.holds(second.change(first.change(base)))) return [first, second]
        }
  return undefined
}
