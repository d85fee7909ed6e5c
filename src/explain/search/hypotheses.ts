import type { CryptoBackend } from '../../crypto/backend.ts'
import type { Steps } from '../../lib/steps.ts'
import type { Bounds } from '../case/case.ts'
import type { Evidence } from '../case/evidence.ts'
import type { Parts } from '../case/parts.ts'
import { headerHypotheses } from './hypotheses/headers.ts'
import { hostHypotheses } from './hypotheses/host.ts'
import { otherHypotheses } from './hypotheses/other.ts'
import { pathHypotheses } from './hypotheses/path.ts'
import { hashesOf, payloadHypotheses } from './hypotheses/payload.ts'
import { queryHypotheses } from './hypotheses/query.ts'
import { scopeHypotheses } from './hypotheses/scope.ts'
import { secretHypotheses } from './hypotheses/secret.ts'
import { type Hypothesis, type Kind, lazily } from './hypothesis.ts'

/** All likely mistakes of what is signed, the likeliest of each kind first. */
export function* hypothesesOf(
  base: Omit<Parts, 'key'>,
  evidence: Evidence,
  bounds: Bounds,
  crypto: CryptoBackend,
): Steps<readonly Kind[]> {
  const hashes = yield* hashesOf(evidence.body, bounds, crypto)
  return [
    pathHypotheses(evidence),
    queryHypotheses(evidence),
    payloadHypotheses(hashes),
    hostHypotheses(evidence),
    otherHypotheses(base, evidence),
    headerHypotheses(base, evidence),
  ].map((kind) => lazily<Hypothesis>(kind))
}

/** All likely mistakes of the key; a key without its secret is good for one scope alone. */
export const keyHypotheses = (base: Parts, evidence: Evidence): readonly Kind[] =>
  'secretAccessKey' in base.key
    ? [secretHypotheses(base.key.secretAccessKey, evidence), scopeHypotheses(base)]
    : []
