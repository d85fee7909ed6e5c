import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { headerHypotheses, hostHypotheses, otherHypotheses } from './hypotheses/headers.ts'
import { pathHypotheses } from './hypotheses/path.ts'
import { bodyVariants, payloadHypotheses } from './hypotheses/payload.ts'
import { queryHypotheses } from './hypotheses/query.ts'
import { scopeHypotheses } from './hypotheses/scope.ts'
import { secretHypotheses } from './hypotheses/secret.ts'
import type { Evidence, Parts } from './parts.ts'
import type { MismatchCause } from './types.ts'

/** One likely mistake: what the signer may have done instead. */
export interface Hypothesis {
  readonly cause: MismatchCause
  /** What it is about, in a few words without secrets. */
  readonly detail?: string
  change(parts: Parts): Parts
}

/** All likely mistakes, the likeliest of each kind first. */
export function* hypothesesOf(
  base: Parts,
  evidence: Evidence,
  crypto: CryptoBackend,
): Steps<readonly (readonly Hypothesis[])[]> {
  const hashes: [MismatchCause, string][] = []
  for (const [cause, body] of bodyVariants(evidence))
    hashes.push([cause, yield* wait(crypto.sha256(body))])
  return [
    pathHypotheses(evidence),
    queryHypotheses(evidence),
    payloadHypotheses(hashes),
    hostHypotheses(evidence),
    headerHypotheses(base, evidence),
    otherHypotheses(base, evidence),
    secretHypotheses(base, evidence),
    scopeHypotheses(base),
  ]
}
