import { matches } from '../../algorithms/matches.ts'
import { formatStringToSign } from '../../canonical/canonical-request.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { Algorithm } from '../../model/types.ts'
import type { Bounds } from '../case/case.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import { PAIRED } from './limits.ts'

/** Tells whether parts are those that were signed, and counts what it costs. */
export interface Trial {
  holds(parts: Parts): Steps<boolean>
  /** Whether no more single mistake may be tried: the budget or the time is used up. */
  spent(): boolean
  /** Whether no more pair may be tried: the same, or too many bytes were hashed. */
  pairsSpent(): boolean
}

/** Counts trials; each differing canonical request, scope and key is tried once. */
function counted(
  { budget, isOver }: Bounds,
  crypto: CryptoBackend,
  check: (parts: Parts, hash: string) => Steps<boolean>,
): Trial {
  let left = budget
  let bytes = PAIRED
  const spent = () => left <= 0 || isOver()
  const keys: unknown[] = []
  const tried = new Set<string>()
  return {
    spent,
    pairsSpent: () => bytes <= 0 || spent(),
    *holds(parts): Steps<boolean> {
      if (spent()) return false
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
  bounds: Bounds,
  crypto: CryptoBackend,
): Trial =>
  counted(bounds, crypto, function* ({ key: secret, keyScope, ...parts }, hash): Steps<boolean> {
    const { amzDate, credentialScope } = parts
    const text = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
    const key = yield* wait(algorithm.deriveKey(secret, keyScope ?? credentialScope, crypto))
    return yield* wait(matches(algorithm, key, text, signature, crypto))
  })

/** Trials that compare with the hash in a server's string to sign. */
export const hashTrial = (expected: string, bounds: Bounds, crypto: CryptoBackend): Trial =>
  // biome-ignore lint/correctness/useYield: it has nothing to wait for
  counted(bounds, crypto, function* (_, hash) {
    return hash === expected
  })
