import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { formatStringToSign } from '../road/canonical-request.ts'
import type { Algorithm } from '../types.ts'
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

/**
 * Signs again under each likely mistake, alone and then in pairs of two kinds: the first that gives
 * the signature is a proof.
 */
export function* search(
  base: Parts,
  kinds: readonly (readonly Hypothesis[])[],
  trial: Trial,
): Steps<readonly Hypothesis[] | undefined> {
  for (const hypothesis of kinds.flat())
    if (yield* trial.holds(hypothesis.change(base))) return [hypothesis]
  for (const [at, kind] of kinds.entries())
    for (const first of kind)
      for (const other of kinds.slice(at + 1))
        for (const second of other) {
          if (trial.left() <= 0) return undefined
          if (yield* trial.holds(second.change(first.change(base)))) return [first, second]
        }
  return undefined
}
